package io.celeriac.scheduleweb.page;

import io.celeriac.web.page.Show;
import java.util.Map;
import java.util.regex.Pattern;

/** Says in the reader's language why a firing was skipped, or what is to be remarked about it. An unknown reason stays as it is. */
final class ReasonWords {

    private static final String UNSURE = "; the results did not tell in time whether it was sent";

    private static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("an earlier firing had not ended", "not-ended"),
            Map.entry("an earlier firing had not ended, and another waited for it", "full"),
            Map.entry("a later firing took its place while an earlier one had not ended", "replaced"),
            Map.entry("it waited until an earlier firing had ended", "waited"),
            Map.entry("missed, and the schedule does not catch up", "no-catch-up"),
            Map.entry("missed, and a later firing stands for it", "stands-for"),
            Map.entry("the schedule has fired as often as it may", "spent"),
            Map.entry("the schedule was changed while this was due", "changed"),
            Map.entry("there was a firing of this fire time already", "fired"),
            Map.entry("its task was there already", "known"),
            Map.entry("no firing is in the range", "empty-range"),
            Map.entry("the schedule was deleted", "deleted"),
            Map.entry("cancelled", "cancelled"),
            Map.entry(
                    "when the schedule was written, it had passed by more than a minute, or was outside of startAt and endAt",
                    "passed"));

    private static final Map<Pattern, String> PATTERNS = Map.of(
            Pattern.compile("missed by more than the catch-up window of (\\S+)"), "window",
            Pattern.compile("it expired before it could be emitted, (\\S+) after its fire time"), "expired",
            Pattern.compile("cancelled by (.+)"), "cancelled-by");

    private ReasonWords() {}

    static String of(String reason, Show show) {
        var isUnsure = reason.endsWith(UNSURE);
        var known = isUnsure ? reason.substring(0, reason.length() - UNSURE.length()) : reason;
        return words(known, show) + (isUnsure ? show.text("schedule.reason.unsure") : "");
    }

    private static String words(String reason, Show show) {
        var key = KEYS.get(reason);
        if (key != null) {
            return show.text("schedule.reason." + key);
        }
        return PATTERNS.entrySet().stream()
                .map(entry -> Map.entry(entry.getKey().matcher(reason), entry.getValue()))
                .filter(entry -> entry.getKey().matches())
                .findFirst()
                .map(entry -> show.text(
                        "schedule.reason." + entry.getValue(),
                        entry.getValue().equals("cancelled-by")
                                ? entry.getKey().group(1)
                                : show.iso(entry.getKey().group(1))))
                .orElse(reason);
    }
}
