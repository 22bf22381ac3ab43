package io.celeriac.access.audit;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Rows of the audit that become a file, page by page. The first page has been read, so that the file can be begun. */
public final class AuditExport {

    private static final Logger LOG = LoggerFactory.getLogger(AuditExport.class);

    private final List<AuditRow> first;
    private final AuditRepository.Query query;
    private final AuditRepository rows;

    AuditExport(List<AuditRow> first, AuditRepository.Query query, AuditRepository rows) {
        this.first = first;
        this.query = query;
        this.rows = rows;
    }

    /**
     * Writes the rows. If the database fails in the middle, the last line of the file says so.
     *
     * @throws IOException when who asked has gone
     */
    public void to(Writer out) throws IOException {
        var csv = new AuditCsv(out);
        csv.begin();
        var page = first;
        try {
            while (true) {
                csv.add(page);
                if (page.size() < query.limit()) {
                    return;
                }
                page = rows.list(query.before(page.get(page.size() - 1).seq()));
            }
        } catch (DataAccessException e) {
            LOG.warn("an export of the audit was cut: {}", e.getMessage());
            csv.cut();
        }
    }
}
