package io.celeriac.web.page;

import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.web.caller.CallerSource;
import io.celeriac.web.problem.ProblemException;
import io.celeriac.web.problem.ProblemWords;
import io.celeriac.web.search.SearchException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.context.MessageSource;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.ui.Model;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.RequestContextUtils;

/** Gives every page its frame, and shows errors as pages. */
@ControllerAdvice(annotations = Page.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class PageAdvice {

    /** The cookie with the reader's zone, which the script of the pages sets. */
    static final String ZONE = "celeriac-zone";

    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Logger LOG = LoggerFactory.getLogger(PageAdvice.class);
    private static final List<Locale> LANGUAGES = PageConfiguration.LANGUAGES;

    private final CallerSource callers;
    private final List<Place> places;
    private final Assets assets;
    private final MessageSource messages;
    private final InstantSource clock;
    private final PageSettings settings;

    PageAdvice(
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

    @ModelAttribute
    void frame(HttpServletRequest request, HttpServletResponse response, Model model) {
        response.setHeader("Cache-Control", "no-store");
        model.addAttribute("frame", frame(request));
        model.addAttribute("show", show(request));
    }

    private Frame frame(HttpServletRequest request) {
        var base = request.getContextPath();
        var caller = callers.of(request);
        var query = request.getQueryString();
        return new Frame(
                base,
                request.getRequestURI().substring(base.length()),
                query == null ? "" : query,
                caller,
                places.stream().filter(place -> place.isFor(caller)).toList(),
                settings.installation(),
                settings.token(request),
                languages(request),
                zone(request).getId(),
                name -> base + assets.path(name));
    }

    private Show show(HttpServletRequest request) {
        return new Show(messages, languages(request).get(0), zone(request), clock.instant());
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
                        .map(PageAdvice::zone)
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

    @ExceptionHandler
    ModelAndView problem(ProblemException e, HttpServletRequest request) {
        return page(HttpStatus.valueOf(e.status().value()), e.getMessage(), request);
    }

    @ExceptionHandler
    ModelAndView invalid(InvalidTaskException e, HttpServletRequest request) {
        return page(HttpStatus.BAD_REQUEST, e.getMessage(), request);
    }

    @ExceptionHandler
    ModelAndView unreadable(SearchException e, HttpServletRequest request) {
        return page(HttpStatus.BAD_REQUEST, e.getMessage(), request);
    }

    @ExceptionHandler
    ModelAndView unreadable(TypeMismatchException e, HttpServletRequest request) {
        return page(HttpStatus.BAD_REQUEST, show(request).text("problem.detail.400"), request);
    }

    @ExceptionHandler
    ModelAndView tooMuchAsked(QueryTimeoutException e, HttpServletRequest request) {
        LOG.warn("a query of a page took the database too long: {}", e.getMessage());
        return page(HttpStatus.SERVICE_UNAVAILABLE, show(request).text("problem.detail.slow"), request);
    }

    @ExceptionHandler
    ModelAndView brokerAway(KafkaException e, HttpServletRequest request) {
        LOG.warn("the broker does not answer a page: {}", e.getMessage());
        return page(HttpStatus.SERVICE_UNAVAILABLE, show(request).text("problem.detail.broker"), request);
    }

    @ExceptionHandler
    ModelAndView busy(RejectedExecutionException e, HttpServletRequest request) {
        LOG.warn("a page found no thread: {}", e.getMessage());
        return page(HttpStatus.SERVICE_UNAVAILABLE, show(request).text("problem.detail.busy"), request);
    }

    @ExceptionHandler
    ModelAndView databaseAway(CannotCreateTransactionException e, HttpServletRequest request) {
        LOG.warn("the database does not answer a page: {}", e.getMessage());
        return page(HttpStatus.SERVICE_UNAVAILABLE, null, request);
    }

    @ExceptionHandler
    ModelAndView databaseAway(DataAccessException e, HttpServletRequest request) {
        LOG.warn("the database does not answer a page: {}", e.getMessage());
        return page(HttpStatus.SERVICE_UNAVAILABLE, null, request);
    }

    /** A controller that answers by a future wraps its failure. */
    @ExceptionHandler
    ModelAndView wrapped(CompletionException e, HttpServletRequest request) {
        if (e.getCause() instanceof ProblemException problem) {
            return problem(problem, request);
        }
        return unexpected(e.getCause() instanceof Exception cause ? cause : e, request);
    }

    @ExceptionHandler
    ModelAndView unexpected(Exception e, HttpServletRequest request) {
        if (e instanceof ErrorResponse known && known.getStatusCode().is4xxClientError()) {
            return page(
                    HttpStatus.valueOf(known.getStatusCode().value()),
                    known.getBody().getDetail(),
                    request);
        }
        LOG.error("a page failed", e);
        return page(HttpStatus.INTERNAL_SERVER_ERROR, null, request);
    }

    /** The model of a page that failed is lost, so the frame is made again. */
    private ModelAndView page(HttpStatus status, @Nullable String detail, HttpServletRequest request) {
        var page = new ModelAndView("celeriac/problem", status);
        page.addObject("frame", frame(request));
        page.addObject("show", show(request));
        page.addObject("status", status.value());
        page.addObject(
                "detail",
                detail == null
                        ? null
                        : ProblemWords.of(languages(request).get(0)).say(detail));
        return page;
    }
}
