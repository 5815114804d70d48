import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { atLeast, useSession } from "@/app/session";
import { attempt } from "@/components/attempt";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { SelectField } from "@/components/Field";
import { sure } from "@/components/Sure";
import { Switch } from "@/components/Switch";
import { ErrorState, Skeleton } from "@/components/states";
import { toast } from "@/components/toasts";
import { chooseRetention, forgetOlder, retention } from "./details";
import { first } from "./search";
import type { Retention } from "./types";

const DAYS = [0, 1, 7, 30, 90, 365];

export function KeepingButton() {
  const { t } = useTranslation("conversations");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon="settings" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {t("keeping.open")}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={t("keeping.title")}>
        <Keeping />
      </Dialog>
    </>
  );
}

/** How long conversations are kept, whether sound is recorded, and deleting many at once. */
function Keeping() {
  const { t } = useTranslation("conversations");
  const role = useSession((session) => session.who?.role);
  const owner = atLeast(role, "owner");
  const [held, setHeld] = useState<Retention | null>(null);
  const [problem, setProblem] = useState<unknown>(null);

  useEffect(() => {
    const asking = new AbortController();
    retention(asking.signal).then(setHeld, (error: unknown) => {
      if (!asking.signal.aborted) setProblem(error);
    });
    return () => asking.abort();
  }, []);

  if (problem) return <ErrorState problem={problem} />;
  if (!held) return <Skeleton lines={3} />;

  const choose = async (days: number, audio: boolean) => {
    const before = held;
    if (days < before.days) {
      const question = { title: t("keeping.sure"), text: t("keeping.fewer"), danger: true };
      if (!(await sure({ ...question, action: t("keeping.save") }))) return;
    }
    setHeld({ ...held, days, audio: audio && days > 0 });
    await attempt(async () => setHeld(await chooseRetention(days, audio)), {
      done: t("keeping.saved"),
      rollback: () => setHeld(before),
    });
    void first();
  };
  const choices = DAYS.includes(held.days) ? DAYS : [...DAYS, held.days].sort((a, b) => a - b);
  return (
    <div className="stack">
      <p className="quiet">{t(owner ? "keeping.text" : "keeping.onlyOwner")}</p>
      <SelectField
        label={t("keeping.days")}
        value={String(held.days)}
        disabled={!owner}
        onChange={(event) => void choose(Number(event.target.value), held.audio)}
        options={choices.map((one) => ({
          value: String(one),
          label: one === 0 ? t("keeping.none") : t("lastDays", { count: one }),
        }))}
      />
      <Switch
        label={t("keeping.audio")}
        hint={t("keeping.audioText")}
        checked={held.audio}
        disabled={!owner || held.days === 0}
        onChange={(audio) => void choose(held.days, audio)}
      />
      {owner && <Forgetting />}
    </div>
  );
}

/** Deletes what is older, or everything: asks first, for there is no way back. */
function Forgetting() {
  const { t } = useTranslation("conversations");
  const [which, setWhich] = useState("7");
  const label = (one: string) =>
    one === "all" ? t("forget.all") : t("forget.older", { count: Number(one) });
  const forget = async () => {
    const question = { title: label(which), text: t("forget.sure"), danger: true };
    if (!(await sure({ ...question, action: t("forget.yes") }))) return;
    await attempt(async () => {
      const count = await forgetOlder(which === "all" ? null : Number(which));
      toast(t("forget.done", { count }));
    });
    void first();
  };
  return (
    <section className="conversations-forget">
      <h3>{t("forget.title")}</h3>
      <SelectField
        label={t("forget.which")}
        value={which}
        onChange={(event) => setWhich(event.target.value)}
        options={["1", "7", "30", "all"].map((one) => ({ value: one, label: label(one) }))}
      />
      <Button kind="danger" icon="trash" onClick={() => void forget()}>
        {t("forget.button")}
      </Button>
    </section>
  );
}
