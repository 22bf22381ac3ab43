package io.celeriac.access.rule;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/** The page to go to after signing in: always one of this program. */
public final class NextPage {

    /** The first page. */
    public static final String FIRST = "/";

    /** The page where people sign in. */
    public static final String SIGN_IN = "/sign-in";

    private static final int LONGEST = 2_000;

    /** One slash at the beginning: two would name another host, and browsers take a backslash for a slash. */
    private static final Pattern OWN = Pattern.compile("/(?!/)[^\\\\\\p{Cntrl}]*");

    private NextPage() {}

    /** The asked page, if it is one of this program; otherwise the first page. */
    public static String of(@Nullable String asked) {
        if (asked == null || asked.length() > LONGEST || asked.startsWith(SIGN_IN)) {
            return FIRST;
        }
        return OWN.matcher(asked).matches() ? asked : FIRST;
    }

    /** The address for signing in that comes back to the page of the request; without the context path. */
    public static String signIn(HttpServletRequest request) {
        var path = request.getRequestURI().substring(request.getContextPath().length());
        var query = request.getQueryString();
        var page = of(query == null ? path : path + "?" + query);
        return page.equals(FIRST) ? SIGN_IN : SIGN_IN + "?then=" + UriUtils.encode(page, StandardCharsets.UTF_8);
    }
}
