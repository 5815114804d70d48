import { type ReactNode, useId } from "react";

interface CardProps {
  title?: ReactNode;
  /** What stands at the right of the title. */
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}

export function Card({ title, actions, children, className = "" }: CardProps) {
  const id = useId();
  return (
    <section className={`card stack ${className}`} aria-labelledby={title ? id : undefined}>
      {(title || actions) && (
        <div className="row">
          {title && (
            <h2 id={id} className="grow">
              {title}
            </h2>
          )}
          {actions}
        </div>
      )}
      {children}
    </section>
  );
}

/** A page's title, with what can be done on the whole page beside it. */
export function PageHead({
  title,
  text,
  actions,
}: {
  title: string;
  text?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="page-head">
      <div className="grow">
        <h1>{title}</h1>
        {text && <p className="quiet">{text}</p>}
      </div>
      {actions && <div className="row">{actions}</div>}
    </header>
  );
}
