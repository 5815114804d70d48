import { Act, type ControlProps } from "./parts";

const ARMED = ["arm_home", "arm_away", "arm_night", "arm_vacation", "arm_custom"];

export function AlarmControls({ device, allowed, all = false }: ControlProps) {
  const props = { device, allowed };
  if (device.state !== "disarmed" && device.state !== "unknown") {
    return (
      <div className="device-controls acts">
        <Act {...props} verb="disarm" />
      </div>
    );
  }
  const known = ARMED.filter((verb) => device.verbs.includes(verb));
  return (
    <div className="device-controls acts">
      {(all ? known : known.slice(0, 2)).map((verb) => (
        <Act key={verb} {...props} verb={verb} />
      ))}
    </div>
  );
}
