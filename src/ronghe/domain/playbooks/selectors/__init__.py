"""What an actor may see of playbooks and adoptions."""

from ronghe.domain.playbooks.selectors.adoptions import adoptions_in, adoptions_of, adoptions_seen_by, versions_kept

__all__ = ["adoptions_in", "adoptions_of", "adoptions_seen_by", "versions_kept"]
