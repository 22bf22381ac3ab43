package io.celeriac.bench.gateway;

import io.celeriac.bench.report.Json;
import io.celeriac.bench.report.Page;
import java.nio.file.Path;

/** Puts a report into {@code performance.md} of the docs; the raw numbers go beside it. */
final class GatewayPage {

    private final Path docs;

    /**
     * @param docs the directory of {@code performance.md}
     */
    GatewayPage(Path docs) {
        this.docs = docs;
    }

    /** The machine is that of a whole run; of a part of one, only its tables are renewed. */
    void write(GatewayReport report) {
        var page = Page.read(docs.resolve("performance.md"));
        report.parts().forEach((part, measured) -> page.fill("gateway " + part, measured.markdown()));
        if (report.hasAllParts()) {
            page.fill("gateway machine", report.machine().line() + ", MariaDB " + report.database() + ".\n");
            Json.write(docs.resolve("performance").resolve("gateway.json"), report);
        }
        page.write();
    }
}
