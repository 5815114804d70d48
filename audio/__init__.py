"""What both programs do to sound.

ONNX Runtime tells its maker which models it runs, and numbers the machine, unless it is told not to
before it is imported; other libraries count their uses likewise. Nothing leaves the house: whoever
imports anything of ours has switched that off, for engines in processes of their own, too.
Source: onnxruntime, docs/Privacy.md; huggingface_hub and pyannote.audio, "Telemetry".
"""

import os

os.environ |= {
    "ORT_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "PYANNOTE_METRICS_ENABLED": "0",
    "DO_NOT_TRACK": "1",
}
