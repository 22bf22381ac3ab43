package io.celeriac.bench.engine;

import io.celeriac.bench.report.Table;
import java.util.List;

/** What came of a part of the benchmark. */
sealed interface Measured permits Throughput, RoundTrip, Sleepers, Lateness, Scaling {

    /** As people read it. */
    List<Table> tables();
}
