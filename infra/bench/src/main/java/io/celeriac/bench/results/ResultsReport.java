package io.celeriac.bench.results;

import io.celeriac.bench.report.Machine;
import io.celeriac.bench.report.Measured;
import java.util.EnumMap;
import java.util.Map;

/**
 * All that a run has measured so far.
 *
 * @param database version of the server
 * @param parts those that were asked for
 */
record ResultsReport(Machine machine, String database, Parameters parameters, Map<Part, Measured> parts) {

    ResultsReport {
        parts = new EnumMap<>(parts);
    }

    boolean hasAllParts() {
        return parts.size() == Part.values().length;
    }
}
