package io.celeriac.bench.engine;

import io.celeriac.bench.report.Machine;
import io.celeriac.bench.report.Measured;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that a run has measured; a part that was not asked for is null. */
record EngineReport(
        Machine machine,
        Parameters parameters,
        @Nullable Throughput throughput,
        @Nullable RoundTrip roundTrip,
        @Nullable Sleepers sleepers,
        @Nullable Lateness lateness,
        @Nullable Scaling scaling,
        @Nullable Partitions partitions,
        @Nullable Payloads payloads,
        @Nullable Breadth breadth) {

    boolean hasAllParts() {
        return parts().size() == Part.values().length;
    }

    /** The parts that were measured. */
    Map<Part, Measured> parts() {
        var parts = new EnumMap<Part, Measured>(Part.class);
        put(parts, Part.THROUGHPUT, throughput);
        put(parts, Part.ROUND_TRIP, roundTrip);
        put(parts, Part.SLEEPERS, sleepers);
        put(parts, Part.LATENESS, lateness);
        put(parts, Part.SCALING, scaling);
        put(parts, Part.PARTITIONS, partitions);
        put(parts, Part.PAYLOADS, payloads);
        put(parts, Part.BREADTH, breadth);
        return parts;
    }

    private static void put(Map<Part, Measured> parts, Part part, @Nullable Measured measured) {
        if (measured != null) {
            parts.put(part, measured);
        }
    }
}
