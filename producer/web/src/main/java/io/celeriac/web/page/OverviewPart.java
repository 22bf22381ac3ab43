package io.celeriac.web.page;

import io.celeriac.web.caller.Caller;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one module contributes to the overview. Each module with something to say has a bean of this type.
 *
 * <p>All texts are in the reader's language already. A part reads samplers and not tables, since many readers have the overview open.
 */
public interface OverviewPart {

    /** Its place among the parts: lower comes first. */
    int order();

    /**
     * What it contributes now.
     *
     * @param caller who reads; a part that he may not see contributes nothing
     * @param window how far back the numbers go
     */
    Contribution look(Caller caller, Duration window, Show show);

    /**
     * A contribution.
     *
     * @param findings what needs somebody, gravest first
     * @param numbers key numbers, each a link to the list behind it
     * @param section tables or charts; null for none
     */
    record Contribution(
            List<Finding> findings,
            List<KeyNumber> numbers,
            @Nullable Section section) {

        /** Nothing to say. */
        public static final Contribution NONE = new Contribution(List.of(), List.of(), null);
    }

    /** How grave a finding is. */
    enum Gravity {
        /** Nobody has to do anything. */
        NOTE,
        /** Somebody has to look at it. */
        WARN,
        /** Something fails. */
        FAIL
    }

    /**
     * A sentence about what is the matter.
     *
     * @param name of the thing, which begins the sentence and is a link
     * @param path of its page
     * @param text how the sentence goes on
     */
    record Finding(Gravity gravity, String name, String path, String text) {}

    /**
     * A number that tells the state at a glance.
     *
     * @param name what it is
     * @param value with its unit, if the unit is short; a dash when it is not known
     * @param unit shown smaller; empty for none
     * @param note under it; empty for none
     * @param look of the note: {@code retry} or {@code fail}; empty for a plain one
     * @param path of the list behind it
     */
    record KeyNumber(String name, String value, String unit, String note, String look, String path) {}

    /**
     * A section of the overview.
     *
     * @param template that has the fragment, such as {@code celeriac/fleet/overview}
     * @param fragment its name; it sees the values of the model as {@code part}
     * @param half true: it may stand beside another section
     */
    record Section(String template, String fragment, boolean half, Map<String, @Nullable Object> model) {}
}
