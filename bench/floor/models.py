"""A million things to list, and notes to write."""

from django.conf import settings
from django.db import models


class Thing(models.Model):
    number = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=120)
    place = models.CharField(max_length=60)
    state = models.PositiveSmallIntegerField()
    weight = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-made_at"], name="thing_newest_of_state")]


class Note(models.Model):
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    title = models.CharField(max_length=120)
    text = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True, db_index=True)
