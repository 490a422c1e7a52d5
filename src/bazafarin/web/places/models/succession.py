"""What became of the land of a parcel when an edition named it anew."""

from __future__ import annotations

from django.db import models

from bazafarin.web.places.models.edition import Edition


class Succession(models.Model):
    """A parcel that an edition no longer has, and one whose land was its."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="successions")
    kind = models.CharField(max_length=20)
    old = models.CharField(max_length=120, db_index=True)
    new = models.CharField(max_length=120, db_index=True)
    common_m2 = models.FloatField()

    class Meta:
        """A pair is told once an edition."""

        constraints = (
            models.UniqueConstraint(fields=("edition", "old", "new"), name="succession_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["split", "merged", "renamed", "rearranged"]),
                name="succession_of_a_kind",
            ),
        )

    def __str__(self) -> str:
        """Return from which to which."""
        return f"{self.old} → {self.new}"
