package io.celeriac.access.page;

import io.celeriac.access.audit.AuditController;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.Page;
import io.celeriac.web.page.PageData;
import io.celeriac.web.page.Show;
import io.celeriac.web.problem.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages of the audit: its rows, as a file too, and whether its chain is whole. */
@Page
class AuditPages {

    static final String PATH = "/access/audit";

    private static final int ROWS = 100;

    private final AuditController audit;
    private final PageData data;

    AuditPages(AuditController audit, PageData data) {
        this.audit = audit;
        this.data = data;
    }

    /**
     * What to search for; each may be null or blank for everything.
     *
     * @param from an instant, or a local time in the reader's zone
     * @param to as {@code from}
     */
    record Search(
            @Nullable String who,
            @Nullable String target,
            @Nullable String from,
            @Nullable String to) {

        Search in(ZoneId zone) {
            return new Search(text(who), text(target), instant(from, zone), instant(to, zone));
        }

        /** As the fields of the form take it: an instant as a local time. */
        Search shown(ZoneId zone) {
            return new Search(who, target, local(from, zone), local(to, zone));
        }

        static @Nullable String local(@Nullable String asked, ZoneId zone) {
            try {
                return asked == null
                        ? null
                        : OffsetDateTime.parse(asked.strip())
                                .atZoneSameInstant(zone)
                                .toLocalDateTime()
                                .toString();
            } catch (DateTimeParseException e) {
                return asked;
            }
        }

        private static @Nullable String text(@Nullable String asked) {
            return asked == null || asked.isBlank() ? null : asked.strip();
        }

        /** What is no local time is passed on, as an instant or something that is refused with a reason. */
        static @Nullable String instant(@Nullable String asked, ZoneId zone) {
            var text = text(asked);
            try {
                return text == null
                        ? null
                        : LocalDateTime.parse(text).atZone(zone).toInstant().toString();
            } catch (DateTimeParseException e) {
                return text;
            }
        }
    }

    /** A time that cannot be read is shown with its fault, and finds nothing. */
    @GetMapping(PATH)
    String audit(
            @ModelAttribute("search") Search search,
            @RequestParam(required = false) @Nullable Long before,
            @RequestParam(defaultValue = "false") boolean verify,
            Model model) {
        model.addAttribute("before", before);
        model.addAttribute("search", search.shown(zone(model)));
        var asked = search.in(zone(model));
        try {
            var found = audit.list(asked.who(), asked.target(), asked.from(), asked.to(), before, ROWS);
            model.addAttribute("page", data.object(Caller.OPEN, found));
        } catch (ProblemException e) {
            model.addAttribute("fault", e.getMessage());
        }
        if (verify) {
            model.addAttribute("verified", data.object(Caller.OPEN, audit.verify()));
        }
        return "celeriac/access/audit";
    }

    @GetMapping(PATH + "/export")
    void export(@ModelAttribute("search") Search search, Model model, HttpServletResponse response) throws IOException {
        var asked = search.in(zone(model));
        var export = audit.export(asked.who(), asked.target(), asked.from(), asked.to()); // before the file begins
        response.setContentType("text/csv");
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment().filename("audit.csv").build().toString());
        export.to(response.getWriter());
    }

    private static ZoneId zone(Model model) {
        return model.getAttribute("show") instanceof Show show ? show.zone() : ZoneId.of("UTC");
    }
}
