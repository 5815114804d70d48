import { Act, type ControlProps, IconAct, Level, percent } from "./parts";

export function CoverControls({ device, allowed, all = false }: ControlProps) {
  const props = { device, allowed };
  return (
    <div className="device-controls">
      <div className="one-row">
        <IconAct {...props} verb="open" icon="down" className="upwards" />
        <IconAct {...props} verb="stop" icon="stop" />
        <IconAct {...props} verb="close" icon="down" />
        <div className="grow">
          <Level {...props} attribute="position" verb="set_position" bare={!all} format={percent} />
        </div>
      </div>
      {all && (
        <>
          <Level {...props} attribute="tilt" verb="set_tilt" format={percent} />
          <div className="acts">
            <Act {...props} verb="open_tilt" />
            <Act {...props} verb="close_tilt" />
          </div>
        </>
      )}
    </div>
  );
}
