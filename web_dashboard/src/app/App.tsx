import { useLayoutEffect } from "react";
import { useTranslation } from "react-i18next";
import { BrowserRouter, Navigate, Route, Routes } from "react-router";
import { whenSignedOut } from "@/api/client";
import { Dialog } from "@/components/Dialog";
import { Login, LoginForm } from "./Login";
import { PAGES } from "./pages";
import { NotAllowed, NotFound, Unreachable } from "./places";
import { Setup } from "./Setup";
import { Shell } from "./Shell";
import { atLeast, findOut, logInAgain, signOut, useSession, watchOtherTabs } from "./session";

export function App() {
  const { t } = useTranslation();
  const standing = useSession((session) => session.standing);

  // Not an effect: one would wait until there is something to see, and there is not before this.
  useLayoutEffect(() => {
    whenSignedOut(logInAgain);
    void findOut();
    // A page that the browser kept, and shows again by Back, is of another time.
    const shown = (event: PageTransitionEvent) => {
      if (event.persisted) void findOut();
    };
    addEventListener("pageshow", shown);
    const stop = watchOtherTabs();
    return () => {
      removeEventListener("pageshow", shown);
      stop();
    };
  }, []);

  if (standing === "unknown") return <p className="visually-hidden">{t("loading")}</p>;
  if (standing === "unreachable") return <Unreachable />;
  return (
    <BrowserRouter>
      {standing === "set-up" ? <Setup /> : standing === "signed-out" ? <Login /> : <Inside />}
      <Dialog open={standing === "expired"} title={t("login.again")} onClose={() => void signOut()}>
        <p className="quiet">{t("login.againText")}</p>
        <LoginForm />
      </Dialog>
    </BrowserRouter>
  );
}

function Inside() {
  const role = useSession((session) => session.who?.role);
  const first = PAGES.find((page) => atLeast(role, page.least));
  return (
    <Routes>
      <Route element={<Shell />}>
        {PAGES.map(({ name, path, least, Page }) => (
          <Route
            key={name}
            path={path === "/" ? "/" : `${path}/*`}
            element={
              atLeast(role, least) ? (
                <Page />
              ) : path === "/" && first ? (
                <Navigate to={first.path} replace />
              ) : (
                <NotAllowed />
              )
            }
          />
        ))}
        <Route path="/setup" element={<Navigate to="/" replace />} />
        <Route path="/login" element={<Navigate to="/" replace />} />
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  );
}
