/** Where one is when there is no page: nothing here, not allowed, hub away, page broken. */

import { Component, type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Empty, ErrorState } from "@/components/states";
import { findOut } from "./session";

const ASK_AGAIN_MS = 2000;

export function Unreachable() {
  const { t } = useTranslation();
  useEffect(() => {
    const timer = setInterval(() => void findOut(), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <main className="centre">
      <div className="card" role="status">
        <Empty page icon="offline" title={t("unreachable.title")} text={t("unreachable.text")} />
      </div>
    </main>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty
      page
      icon="search"
      title={t("notFound.title")}
      text={t("notFound.text")}
      action={
        <Link className="button" to="/">
          {t("notFound.back")}
        </Link>
      }
    />
  );
}

export function NotAllowed() {
  const { t } = useTranslation();
  return <Empty page icon="lock" title={t("notAllowed.title")} text={t("notAllowed.text")} />;
}

/** Keeps the frame when a page breaks. */
export class PageBoundary extends Component<{ children: ReactNode }, { problem: unknown }> {
  override state: { problem: unknown } = { problem: null };

  static getDerivedStateFromError(problem: unknown) {
    return { problem };
  }

  override render() {
    if (this.state.problem === null) return this.props.children;
    return (
      <ErrorState problem={this.state.problem} again={() => this.setState({ problem: null })} />
    );
  }
}
