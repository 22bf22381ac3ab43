package io.celeriac.bench.results;

import io.celeriac.bench.report.Json;
import io.celeriac.bench.report.Page;
import java.nio.file.Path;

/** Puts a report into {@code performance.md} of the docs; the raw numbers go beside it. */
final class ResultsPage {

    private final Path docs;

    /**
     * @param docs the directory of {@code performance.md}
     */
    ResultsPage(Path docs) {
        this.docs = docs;
    }

    /** The machine is that of a whole run; of a part of one, only its tables are renewed. */
    void write(ResultsReport report) {
        var page = Page.read(docs.resolve("performance.md"));
        report.parts().forEach((part, measured) -> {
            page.fill("results " + part, measured.markdown());
            if (measured instanceof Queries queries) {
                page.fill("results plans", queries.plans().markdown());
            }
        });
        if (report.hasAllParts()) {
            page.fill("results machine", report.machine().line() + ", MariaDB " + report.database() + ".\n");
            Json.write(docs.resolve("performance").resolve("results.json"), report);
        }
        page.write();
    }
}
