package io.celeriac.scheduleweb;

import io.celeriac.schedule.store.Precondition;
import io.celeriac.web.problem.ProblemException;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ETag;
import org.springframework.http.HttpHeaders;

/**
 * Reads the conditions of a request that changes a schedule, by RFC 9110, section 13. A tag begins with the version of the schedule, and
 * only the version is compared. The rest of the tag changes with each firing, which does not concern a change by a person. If firings are
 * counted down, each firing increases the version as well.
 */
final class Conditions {

    private static final Pattern OURS = Pattern.compile("([0-9]{1,18})(-[0-9a-f]+)?");

    private Conditions() {}

    /**
     * The condition of the headers; null when there is none.
     *
     * @param ifMatch the header's lines, joined by commas; null when there is none
     * @param ifNoneMatch likewise
     * @throws ProblemException naming a header that is not a list of tags
     */
    static @Nullable Precondition of(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
        if (ifMatch == null && ifNoneMatch == null) {
            return null;
        }
        var wanted = ifMatch == null ? null : tags(HttpHeaders.IF_MATCH, ifMatch);
        var unwanted = ifNoneMatch == null ? null : tags(HttpHeaders.IF_NONE_MATCH, ifNoneMatch);
        return version -> (wanted == null || anyIs(wanted, version, true))
                && (unwanted == null || !anyIs(unwanted, version, false));
    }

    private static List<ETag> tags(String header, String text) {
        var tags = ETag.parse(text);
        if (tags.isEmpty()) {
            throw ProblemException.unreadable(header, "must be * or a list of entity tags such as \"4\", \"77\"");
        }
        return tags;
    }

    /**
     * @param strong true: weak tags do not match
     */
    private static boolean anyIs(List<ETag> tags, OptionalLong version, boolean strong) {
        return version.isPresent()
                && tags.stream()
                        .anyMatch(tag -> tag.isWildcard() || (is(tag, version.getAsLong()) && !(strong && tag.weak())));
    }

    private static boolean is(ETag tag, long version) {
        var ours = OURS.matcher(tag.tag());
        return ours.matches() && Long.parseLong(ours.group(1)) == version;
    }
}
