package io.celeriac.bench.results;

import io.celeriac.bench.harness.Database;
import io.celeriac.bench.harness.Harness;
import io.celeriac.bench.harness.Lane;
import io.celeriac.bench.harness.Program;
import io.celeriac.bench.subject.MaterializerApplication;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * What all parts of the benchmark are given.
 *
 * @param progress told what is being done
 */
record Bench(
        Harness harness, Database database, Parameters parameters, InstantSource clock, Consumer<String> progress) {

    void tell(String what) {
        progress.accept("  " + what);
    }

    /** A schema with the tables of results in it, empty. */
    Schema schema(String name) {
        return Schema.open(database, name);
    }

    Lane lane(String purpose) {
        return harness.lane(purpose, parameters.partitions());
    }

    /** The materializer, writing to a schema what a lane has; further properties as {@code name=value}. */
    Program materializer(Lane lane, Schema schema, String... properties) {
        return harness.start(MaterializerApplication.class, lane.arguments(schema.properties(properties)));
    }
}
