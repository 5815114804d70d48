import { texts } from "../device";
import { Act, type ControlProps, OneOf } from "./parts";

/** What drives about: vacuum cleaners and lawn mowers. */
export function DrivingControls({ device, allowed, all = false }: ControlProps) {
  const props = { device, allowed };
  const drives = ["cleaning", "mowing"].includes(device.state);
  return (
    <div className="device-controls">
      <div className="acts">
        {drives ? (
          <Act {...props} verb="pause" icon="pause" />
        ) : (
          <>
            <Act {...props} verb="start" icon="play" />
            <Act {...props} verb="start_mowing" icon="play" />
          </>
        )}
        <Act {...props} verb="return_home" icon="home" />
        <Act {...props} verb="dock" icon="home" />
      </div>
      {all && (
        <>
          <div className="acts">
            <Act {...props} verb="stop" />
            <Act {...props} verb="clean_spot" />
            <Act {...props} verb="locate" />
          </div>
          <OneOf {...props} verb="set_fan_speed" value="fan_speed" options="fan_speeds" />
          {texts(device, "areas").length > 0 && (
            <OneOf {...props} verb="clean_area" value="area" options="areas" now={null} />
          )}
        </>
      )}
    </div>
  );
}
