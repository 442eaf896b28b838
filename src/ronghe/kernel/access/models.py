"""Log-in accounts. What a person may do comes from the posts held, never from the account."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.db.append_only import append_only


class Administrator(models.TextChoices):
    """The three administrators (SE-08): three people, none can do another's part, and none is above them."""

    SYSTEM = "system_admin", _("系统管理员")
    SECURITY = "security_admin", _("安全管理员")
    AUDIT = "audit_admin", _("审计管理员")


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(login=username)


class Account(AbstractBaseUser):
    """One person's way in. There is no superuser."""

    login = models.CharField(max_length=64, unique=True)
    is_active = models.BooleanField(default=True)
    administrator = models.CharField(max_length=16, choices=Administrator.choices, null=True)
    must_change_password = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True)
    failure_count = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        db_table = "kernel_account"

    def __str__(self) -> str:
        return self.login

    @property
    def actor(self) -> Any:
        """The person behind the account; `None` where nobody was linked yet."""
        return getattr(self, "person", None)

    @property
    def administrator_title(self) -> str:
        return str(Administrator(self.administrator).label) if self.administrator else ""


class OldPassword(models.Model):
    """Hashes of earlier passwords, so that they are not used again soon (SE-01)."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)
    replaced_at = models.DateTimeField()

    class Meta:
        db_table = "kernel_old_password"

    def __str__(self) -> str:
        return f"{self.account_id} {self.replaced_at:%Y-%m-%d}"


class TokenScope(models.TextChoices):
    READ = "read", _("只读")
    WRITE = "write", _("读写")


class ApiToken(models.Model):
    """A program's way in, in the name of one account. Only the digest is kept."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=8, choices=TokenScope.choices)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kernel_api_token"

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class Look(models.Model):
    """One look at sealed data: who, at what of whom, when. Kept for the person concerned and the auditor."""

    by = models.BigIntegerField()
    about = models.BigIntegerField(null=True)
    compartment = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("kernel_look")
        indexes = [
            models.Index("about", "at", name="kernel_look_about"),
            models.Index("by", "at", name="kernel_look_by"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.compartment}"
