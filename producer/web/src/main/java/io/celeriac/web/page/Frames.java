package io.celeriac.web.page;

import io.celeriac.web.caller.Caller;
import io.celeriac.web.caller.CallerSource;
import io.celeriac.web.problem.PageProblem;
import io.celeriac.web.problem.ProblemWords;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.RequestContextUtils;

/** Makes what every page has, and the page of a problem. */
final class Frames {

    /** The cookie with the reader's zone, which the script of the pages sets. */
    static final String ZONE = "celeriac-zone";

    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final List<Locale> LANGUAGES = PageConfiguration.LANGUAGES;
    private static final String ENDS = ".!?…。";

    private final CallerSource callers;
    private final List<Place> places;
    private final Assets assets;
    private final MessageSource messages;
    private final InstantSource clock;
    private final PageSettings settings;

    Frames(
            CallerSource callers,
            List<Place> places,
            Assets assets,
            MessageSource messages,
            InstantSource clock,
            PageSettings settings) {
        this.callers = callers;
        this.places = places.stream().sorted(Comparator.comparing(Place::order)).toList();
        this.assets = assets;
        this.messages = messages;
        this.clock = clock;
        this.settings = settings;
    }

    /**
     * The frame of the page that the request asks for.
     *
     * @throws IllegalStateException when nothing has decided yet who asks
     */
    Frame of(HttpServletRequest request) {
        return frame(request, callers.of(request), request.getRequestURI());
    }

    private Frame frame(HttpServletRequest request, Caller caller, String uri) {
        var base = request.getContextPath();
        var query = request.getQueryString();
        return new Frame(
                base,
                uri.startsWith(base) ? uri.substring(base.length()) : uri,
                query == null ? "" : query,
                caller,
                places.stream().filter(place -> place.isFor(caller)).toList(),
                settings.installation(),
                settings.token(request),
                languages(request),
                zone(request).getId(),
                name -> base + assets.path(name));
    }

    Show show(HttpServletRequest request) {
        return new Show(messages, languages(request).get(0), zone(request), clock.instant());
    }

    /**
     * The page of a problem, with the frame for somebody who is known. The model of a page that failed is lost, so everything is made
     * again.
     *
     * @param uri that was asked for
     * @param detail in English, or in the reader's language; null for what the status says
     */
    ModelAndView problem(HttpServletRequest request, String uri, HttpStatus status, @Nullable String detail) {
        var caller = callers.orAnonymous(request);
        var show = show(request);
        var page = new ModelAndView(
                caller.kind() == Caller.Kind.ANONYMOUS ? "celeriac/problem-plain" : "celeriac/problem", status);
        page.addObject("frame", frame(request, caller, uri));
        page.addObject("show", show);
        page.addObject("status", status.value());
        page.addObject("hasQuery", request.getQueryString() != null || PageProblem.isWithoutQuery(request));
        page.addObject("heading", heading(status, show));
        page.addObject("detail", detail == null ? detail(status, show) : sentence(detail, show));
        return page;
    }

    private static String heading(HttpStatus status, Show show) {
        var word = show.word("problem", status.value());
        if (!word.equals(String.valueOf(status.value()))) {
            return word;
        }
        return show.text(status.is5xxServerError() ? "problem.500" : "problem.other");
    }

    private static String detail(HttpStatus status, Show show) {
        return status == HttpStatus.SERVICE_UNAVAILABLE
                ? show.text("problem.detail.503")
                : show.text("problem.detail.500", show.time(show.now()));
    }

    /** Problems are parts of sentences, as JSON has them. */
    private static String sentence(String detail, Show show) {
        if (detail.equals(PageProblem.NOTHING)) {
            return show.text("problem.detail.404"); // the heading says it already
        }
        var text = ProblemWords.of(show.language()).say(detail);
        var isWhole = !text.isEmpty() && ENDS.indexOf(text.charAt(text.length() - 1)) >= 0;
        return StringUtils.capitalize(isWhole ? text : text + show.text("problem.stop"));
    }

    /** The languages, the reader's first. */
    private static List<Locale> languages(HttpServletRequest request) {
        var asked = RequestContextUtils.getLocale(request).getLanguage();
        var present = LANGUAGES.stream()
                .filter(one -> one.getLanguage().equals(asked))
                .findFirst()
                .orElse(LANGUAGES.get(0));
        return Stream.concat(Stream.of(present), LANGUAGES.stream().filter(one -> !one.equals(present)))
                .toList();
    }

    private static ZoneId zone(HttpServletRequest request) {
        var cookies = request.getCookies();
        return cookies == null
                ? UTC
                : Arrays.stream(cookies)
                        .filter(cookie -> cookie.getName().equals(ZONE))
                        .map(Cookie::getValue)
                        .map(Frames::zone)
                        .findFirst()
                        .orElse(UTC);
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(URLDecoder.decode(name, StandardCharsets.UTF_8));
        } catch (DateTimeException | IllegalArgumentException e) {
            return UTC; // a cookie that somebody else has set
        }
    }
}
