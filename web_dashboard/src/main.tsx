import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import "./styles/base.css";
import { App } from "./app/App";
import { install, reloadWhenOutdated } from "./app/installed";
import { apply } from "./app/theme";
import { start } from "./i18n";

reloadWhenOutdated();
apply();
await start();
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
