"""What a user who owns no table of the allocator needs of each on PostgreSQL, and so may do: nothing is removed, and of
a slot, a counter and a kit only what is given changes."""

from typing import Final

ADDED: Final = "SELECT, INSERT"

RIGHTS: Final = {
    "allocator_counter": f"{ADDED}, UPDATE (next_position)",
    "allocator_slot": f"{ADDED}, UPDATE (subject, assigned_at)",
    "allocator_kit": f"{ADDED}, UPDATE (subject, visit, turn, given_at)",
    **dict.fromkeys(
        ("allocator_relock", "allocator_sealedseed", "allocator_draw", "allocator_release", "allocator_order",
         "allocator_record"),
        ADDED,
    ),
}  # fmt: skip
