"""What is chosen of rooms and devices in the dashboard, as it is kept."""

import orjson
from sqlalchemy import Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from hub.home_choices import AreaChoice, DeviceChoice, HomeChanges, HomeChoices
from hub.store.database import Store
from hub.store.tables import Table


class DeviceChoiceRow(Table):
    """What is chosen of one device. What its fields mean is told in hub/home_choices.py."""

    __tablename__ = "device_choices"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str | None] = mapped_column(Text)
    aliases: Mapped[str | None] = mapped_column(Text)
    """A list, as JSON."""
    area: Mapped[str | None] = mapped_column(Text)
    exposed: Mapped[bool | None]


class AreaChoiceRow(Table):
    """What is chosen of one room."""

    __tablename__ = "area_choices"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str | None] = mapped_column(Text)
    aliases: Mapped[str | None] = mapped_column(Text)
    """A list, as JSON."""
    removed: Mapped[bool]
    floor: Mapped[str | None] = mapped_column(Text)


class StoredHomeChoices:
    """Keeps choices. All raise StoreError."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def load(self) -> HomeChoices:
        """Return all of them."""
        async with self._store.session() as session:
            devices = list(await session.scalars(select(DeviceChoiceRow)))
            areas = list(await session.scalars(select(AreaChoiceRow)))
        return HomeChoices(
            {
                row.id: DeviceChoice(row.name, _list(row.aliases), row.area, row.exposed)
                for row in devices
            },
            {
                row.id: AreaChoice(row.name, _list(row.aliases), row.floor, row.removed)
                for row in areas
            },
        )

    async def save(self, changes: HomeChanges) -> None:
        """Keep what is another now, all of it or nothing."""
        async with self._store.session() as session:
            for id_, device in changes.devices.items():
                if device is None:
                    await session.execute(delete(DeviceChoiceRow).where(DeviceChoiceRow.id == id_))
                else:
                    await session.merge(
                        DeviceChoiceRow(
                            id=id_,
                            name=device.name,
                            aliases=_text(device.aliases),
                            area=device.area,
                            exposed=device.exposed,
                        )
                    )
            for id_, area in changes.areas.items():
                if area is None:
                    await session.execute(delete(AreaChoiceRow).where(AreaChoiceRow.id == id_))
                else:
                    await session.merge(
                        AreaChoiceRow(
                            id=id_,
                            name=area.name,
                            aliases=_text(area.aliases),
                            floor=area.floor,
                            removed=area.removed,
                        )
                    )


def _list(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(orjson.loads(text))


def _text(aliases: tuple[str, ...] | None) -> str | None:
    return None if aliases is None else orjson.dumps(aliases).decode()
