"""The queue of an on-site office: tickets of a day and their transitions, appointments, shut days, calls."""

from django.db import models

from projects.ledger.models import Project, Unit
from projects.office.choices import BookingEnd, CallResult, Precedence, TicketState, TicketStep
from registry.accounts.models import Person
from registry.store.scoping import TenantModel

STEPS_OF = {
    TicketState.WAITING: (TicketStep.CALLED, TicketStep.PARKED),
    TicketState.CALLED: (
        TicketStep.STARTED, TicketStep.RECALLED, TicketStep.NO_SHOW, TicketStep.PARKED, TicketStep.TRANSFERRED,
        TicketStep.DONE,
    ),
    TicketState.SERVING: (TicketStep.DONE, TicketStep.PARKED, TicketStep.TRANSFERRED),
    TicketState.PARKED: (TicketStep.RESUMED,),
    TicketState.NO_SHOW: (TicketStep.RESUMED,),
    TicketState.DONE: (),
}  # fmt: skip


class QueueDay(TenantModel):
    """The queue of a project's office on a day: the counter of its numbers. `opened_for` is the project as it was."""

    scope_path = "project"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="queue_days")
    opened_for = models.BigIntegerField(help_text="key of the project for which it was opened; a merge changes it not")
    day = models.DateField("日期")
    last = models.PositiveIntegerField("末号", default=0)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["opened_for", "day"], name="an_office_has_one_queue_a_day")]

    def __str__(self) -> str:
        return f"{self.opened_for} {self.day}"


class Booking(TenantModel):
    """A home's appointment: a half hour, and one of its seats. Ended by an act: kept, missed or given up, never just
    gone; on a day that was shut afterwards it stands until it is moved."""

    scope_path = "unit__building__project"

    opened_for = models.BigIntegerField(help_text="key of the project whose office it is")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="bookings")
    day = models.DateField("日期")
    at = models.CharField("时段", max_length=5, help_text="the half hour, 09:30")
    seat = models.PositiveSmallIntegerField("席位")
    ended_as = models.CharField("结果", max_length=12, choices=BookingEnd, blank=True)
    ended_note = models.CharField("说明", max_length=120, blank=True)
    act_id = models.BigIntegerField()
    ended_act_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opened_for", "day", "at", "seat"],
                condition=models.Q(ended_act_id__isnull=True),
                name="a_seat_is_booked_once",
            ),
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(ended_act_id__isnull=True), name="a_home_has_one_booking"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_act_id__isnull=True, ended_as="")
                | (models.Q(ended_act_id__isnull=False) & ~models.Q(ended_as="")),
                name="a_booking_ends_as_something",
            ),
        ]
        indexes = [models.Index(fields=["opened_for", "day"], name="booking_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.at}"


class ShutDay(TenantModel):
    """A day on which the office takes nobody. Bookings on it stand, and are named until somebody moves them."""

    scope_path = "project"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="shut_days")
    day = models.DateField("日期")
    reason = models.CharField("原因", max_length=120)
    act_id = models.BigIntegerField()
    ended_act_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.day}"


class QueueTicket(TenantModel):
    """A number of the day: taken by who walks in or keeps an appointment, called to a window, served.

    `due_at` orders the queue: the half hour of an appointment that is kept, else the moment of taking. The state and
    the window repeat the last transition; what it took is read from the transitions alone.
    """

    scope_path = "queue__project"

    queue = models.ForeignKey(QueueDay, on_delete=models.PROTECT, related_name="tickets")
    number = models.PositiveIntegerField("号")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="queue_tickets")
    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, null=True, related_name="ticket")
    due_at = models.DateTimeField()
    state = models.CharField("状态", max_length=8, choices=TicketState, default=TicketState.WAITING)
    window = models.CharField("窗口", max_length=10, blank=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "number"], name="a_number_is_given_once_a_day"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["called", "serving"]) | ~models.Q(window=""),
                name="who_is_called_has_a_window",
            ),
            models.UniqueConstraint(
                fields=["queue", "window"],
                condition=models.Q(state__in=["called", "serving"]),
                name="a_window_serves_one_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["queue", "state", "due_at"], name="ticket_by_turn")]

    def __str__(self) -> str:
        return f"{'Y' if self.booking_id else 'A'}{self.number:03d}"

    @property
    def offers(self) -> list[tuple[str, str]]:
        """The transitions that its state allows: code and word."""
        return [(step.value, step.label) for step in STEPS_OF[TicketState(self.state)]]


class QueueEvent(TenantModel):
    """One transition of a ticket, as it happened."""

    scope_path = "ticket__queue__project"

    ticket = models.ForeignKey(QueueTicket, on_delete=models.PROTECT, related_name="events")
    step = models.CharField("步骤", max_length=12, choices=TicketStep)
    at = models.DateTimeField("时间")
    window = models.CharField("窗口", max_length=10, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField("说明", max_length=120, blank=True)
    act_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["ticket", "at"], name="ticket_event_in_order")]

    def __str__(self) -> str:
        return self.get_step_display()


class PhoneCall(TenantModel):
    """A call of the office to a family, and what came of it."""

    scope_path = "unit__building__project"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="phone_calls")
    result = models.CharField("结果", max_length=12, choices=CallResult)
    called_on = models.DateField("日期")
    called_at = models.DateTimeField()
    note = models.CharField("说明", max_length=120, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(result__in=["refused", "wrong"]) | ~models.Q(note=""),
                name="a_call_that_failed_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.get_result_display()


class Preference(TenantModel):
    """A home that goes before its turn, for a published reason; until it is taken back."""

    scope_path = "unit__building__project"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="preferences")
    ground = models.CharField("优先理由", max_length=12, choices=Precedence)
    reason = models.CharField("依据", max_length=200)
    stated_on = models.DateField("登记日期")
    stated_by = models.CharField("登记人", max_length=60)
    act_id = models.BigIntegerField()
    ended_act_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(ended_act_id__isnull=True), name="a_home_is_preferred_once"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_preference_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.get_ground_display()
