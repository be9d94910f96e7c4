"""What the tensorboard package reads in a folder of event files; damaged records are an error there."""

import glob

from tensorboard.backend.event_processing import event_accumulator
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader

from exchange import answer, receive


def main(request):
    found = event_accumulator.EventAccumulator(request["directory"], size_guidance=dict.fromkeys(
        event_accumulator.DEFAULT_SIZE_GUIDANCE, 0))
    found.Reload()
    tags = found.Tags()
    records = [len(list(RawEventFileLoader(path).Load())) for path in sorted(glob.glob(f"{request['directory']}/*"))]
    return {
        "records": records,
        "scalars": {tag: [[event.step, event.value] for event in found.Scalars(tag)] for tag in tags["scalars"]},
        "histograms": {tag: [[event.step, vars(event.histogram_value)] for event in found.Histograms(tag)]
                       for tag in tags["histograms"]},
        "texts": {tag: [[event.step, event.tensor_proto.string_val[0].decode()] for event in found.Tensors(tag)]
                  for tag in tags["tensors"]},
        "plugins": {tag: found.SummaryMetadata(tag).plugin_data.plugin_name for tag in tags["tensors"]},
    }


answer(main(receive()))
