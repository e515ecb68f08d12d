#pragma once
// How long commands take on the device.

#include <functional>

namespace attn::gpu {

/// Seconds between the start and the end of the commands that `commands` gives, by the device's own clock;
/// by the wall clock where the driver has none, as software rasterisers. Waits for them.
double device_seconds(const std::function<void()>& commands);

}  // namespace attn::gpu
