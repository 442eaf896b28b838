"""Keys on phones: registered by their owner, stopped by the owner or the security administrator."""

from __future__ import annotations

import pytest

from ronghe.domain.offline.models import Device
from ronghe.domain.offline.selectors import devices_seen_by
from ronghe.domain.offline.services import devices as services
from ronghe.domain.org.models import Person
from ronghe.kernel.access.models import Administrator
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.signatures import KeyUnreadable
from tests.factories.offline import Phone
from tests.factories.org import make_account, make_person

pytestmark = pytest.mark.django_db


def registered(phone: Phone, at, *, actor=None, **changes) -> Device:
    given = {"name": phone.name, "algorithm": "ES256", "public_key": phone.public_key, "proof": phone.proof()}
    return services.register_device(actor=actor or phone.person, at=at, **{**given, **changes})


def test_key_is_registered_once(morning):
    phone = Phone(make_person(), morning, name="  3号  手机 ", register=False)
    device = registered(phone, morning, proof=phone.proof("3号 手机"))

    assert (device.name, device.key, device.applied) == ("3号 手机", phone.key, 0)
    assert registered(phone, morning, proof=phone.proof("3号 手机")) == device
    assert Fact.objects.filter(kind="offline.device_registered").count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"proof": ""},
        {"proof": "AAAA"},
        {"name": "另一部"},
        {"public_key": "AAAA"},
        {"public_key": "!"},
        {"algorithm": "RS256"},
    ],
)
def test_key_without_its_private_half_is_refused(morning, changes):
    with pytest.raises(KeyUnreadable):
        registered(Phone(make_person(), morning, register=False), morning, **changes)
    assert Device.objects.count() == 0


def test_key_on_another_curve_is_refused(morning):
    from base64 import b64encode

    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    phone = Phone(make_person(), morning, register=False)
    for private in (ec.generate_private_key(ec.SECP384R1()), ed25519.Ed25519PrivateKey.generate()):
        spki = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        with pytest.raises(KeyUnreadable):
            registered(phone, morning, public_key=b64encode(spki).decode())


def test_key_of_somebody_else_or_a_stopped_one_is_refused(morning):
    phone = Phone(make_person(), morning)
    other = make_person()
    make_account(other)
    with pytest.raises(services.KeyOfAnother):
        registered(phone, morning, actor=other)
    services.revoke_device(device=phone.device, actor=phone.person, at=morning)
    with pytest.raises(services.KeyOfAnother):
        registered(phone, morning)


def test_five_phones_are_enough(morning):
    person = make_person()
    phones = [Phone(person, morning) for _ in range(services.MOST_DEVICES)]

    with pytest.raises(services.TooManyDevices, match="5"):
        Phone(person, morning)
    services.revoke_device(device=phones[0].device, actor=person, at=morning)
    assert Phone(person, morning).device.pk


def test_administrators_sign_nothing_in_the_field_se_08(morning):
    """SE-08."""
    for administrator in Administrator:
        person = make_person()
        make_account(person, administrator=administrator)
        with pytest.raises(NotAllowed):
            Phone(Person.objects.select_related("account").get(pk=person.pk), morning)


def test_phone_is_stopped_by_its_owner_or_the_security_administrator_se_08(morning):
    """SE-08."""
    phone, other = Phone(make_person(), morning), make_person()
    keepers = {}
    for administrator in Administrator:
        person = make_person()
        make_account(person, administrator=administrator)
        keepers[administrator] = Person.objects.select_related("account").get(pk=person.pk)
    for nobody in (other, keepers[Administrator.SYSTEM], keepers[Administrator.AUDIT]):
        assert not devices_seen_by(nobody, morning).exists()
        with pytest.raises(NotAllowed):
            services.revoke_device(device=phone.device, actor=nobody, at=morning)

    services.revoke_device(device=phone.device, actor=keepers[Administrator.SECURITY], at=morning)

    with pytest.raises(Stale):
        services.revoke_device(device=phone.device, actor=phone.person, at=morning)
    assert Fact.objects.filter(kind="offline.device_revoked").count() == 1
