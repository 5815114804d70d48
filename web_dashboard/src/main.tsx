import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import "./styles/base.css";
import { App } from "./app/App";
import { install, noticeLostStyles } from "./app/installed";
import { pageAt } from "./app/pages";
import { apply } from "./app/theme";
import { start } from "./i18n";

noticeLostStyles();
apply();
// It comes while it is found out who may see it; where it does not, whoever draws it asks again.
const page = pageAt(location.pathname);
page?.load().catch(() => {});
await start();
page?.words().catch(() => {});
const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <Suspense fallback={null}>
        <App />
      </Suspense>
    </StrictMode>,
  );
install();
