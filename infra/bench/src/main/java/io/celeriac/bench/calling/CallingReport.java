package io.celeriac.bench.calling;

import io.celeriac.bench.report.Machine;
import io.celeriac.bench.report.Measured;
import java.util.EnumMap;
import java.util.Map;

/**
 * All that a run has measured so far.
 *
 * @param parts those that were asked for
 */
record CallingReport(Machine machine, Parameters parameters, Map<Part, Measured> parts) {

    CallingReport {
        parts = new EnumMap<>(parts);
    }

    boolean hasAllParts() {
        return parts.size() == Part.values().length;
    }
}
