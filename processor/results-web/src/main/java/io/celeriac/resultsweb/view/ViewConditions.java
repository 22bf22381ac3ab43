package io.celeriac.resultsweb.view;

import io.celeriac.web.problem.ProblemException;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ETag;
import org.springframework.http.HttpHeaders;

/** Reads the conditions of a request that changes a view, by RFC 9110, section 13. */
final class ViewConditions {

    private ViewConditions() {}

    /**
     * The condition of the headers on the version that is there; 0 stands for none.
     *
     * @param kind of the view
     * @throws ProblemException naming a header that is not a list of tags
     */
    static LongPredicate of(View.Kind kind, @Nullable String ifMatch, @Nullable String ifNoneMatch) {
        var wanted = ifMatch == null ? null : tags(HttpHeaders.IF_MATCH, ifMatch);
        var unwanted = ifNoneMatch == null ? null : tags(HttpHeaders.IF_NONE_MATCH, ifNoneMatch);
        return version -> (wanted == null || anyIs(wanted, kind, version))
                && (unwanted == null || !anyIs(unwanted, kind, version));
    }

    private static List<ETag> tags(String header, String text) {
        var tags = ETag.parse(text);
        if (tags.isEmpty()) {
            throw ProblemException.unreadable(header, "must be * or a list of entity tags such as \"personal-4\"");
        }
        return tags;
    }

    private static boolean anyIs(List<ETag> tags, View.Kind kind, long version) {
        return version > 0
                && tags.stream()
                        .anyMatch(tag ->
                                tag.isWildcard() || (!tag.weak() && tag.tag().equals(kind.word() + "-" + version)));
    }
}
