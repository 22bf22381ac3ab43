package io.celeriac.bench.subject;

import java.lang.management.ManagementFactory;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** Tells how much of the heap is in use. */
@Endpoint(id = "memory")
public class MemoryEndpoint {

    /**
     * Bytes in use.
     *
     * @param collected true: after a collection
     */
    @ReadOperation
    public Map<String, Long> heap(@Nullable Boolean collected) {
        var used = Boolean.TRUE.equals(collected)
                ? Memory.afterGc().heapBytes()
                : ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        return Map.of("heapBytes", used);
    }
}
