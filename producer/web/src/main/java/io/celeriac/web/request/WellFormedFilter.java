package io.celeriac.web.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.web.problem.FieldError;
import io.celeriac.web.problem.PageProblem;
import io.celeriac.web.problem.PageRequests;
import io.celeriac.web.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses requests that are not text, as all later code expects. Parameters and paths must be percent-encoded UTF-8 without NUL,
 * headers printable ASCII. It also refuses a path with a bare semicolon: later code drops the semicolon and all that follows, so {@code
 * DELETE …/a;b} would delete {@code a}.
 *
 * <p>A page whose query is no text is refused later, within the frame of the pages. It goes on without the query.
 */
public final class WellFormedFilter extends OncePerRequestFilter {

    private static final String RULE = "must be percent-encoded UTF-8, without NUL";
    private static final List<String> HEADERS =
            List.of("Idempotency-Key", "Last-Event-ID", "If-Match", "If-None-Match");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var oddParameter = oddParameter(request.getQueryString());
        var odd = oddParameter
                .or(() -> isText(request.getRequestURI()) ? Optional.empty() : Optional.of("path"))
                .map(field -> new FieldError(field, RULE))
                .or(() -> request.getRequestURI().indexOf(';') < 0
                        ? Optional.empty()
                        : Optional.of(new FieldError("path", "must have its semicolons as %3B")))
                .or(() -> oddHeader(request));
        if (odd.isPresent()) {
            var detail = odd.get().field() + " " + odd.get().message();
            if (oddParameter.isPresent() && isText(request.getRequestURI()) && PageRequests.isPage(request)) {
                chain.doFilter(PageProblem.withoutQuery(request, detail), response);
                return;
            }
            ProblemWriter.write(request, response, HttpStatus.BAD_REQUEST, detail, List.of(odd.get()));
        } else {
            chain.doFilter(request, response);
        }
    }

    /** The name of a parameter that cannot be read. */
    static Optional<String> oddParameter(@Nullable String query) {
        if (query == null) {
            return Optional.empty();
        }
        for (var pair : query.split("&", -1)) {
            if (!isText(pair.replace('+', ' '))) {
                var name = pair.split("=", 2)[0];
                return Optional.of(isText(name) ? decoded(name).orElse("query") : "query");
            }
        }
        return Optional.empty();
    }

    private static Optional<FieldError> oddHeader(HttpServletRequest request) {
        return HEADERS.stream()
                .filter(name -> request.getHeader(name) != null
                        && !request.getHeader(name).chars().allMatch(c -> c >= ' ' && c < 0x7f))
                .map(name -> new FieldError(name, "must be ASCII"))
                .findFirst();
    }

    private static boolean isText(String encoded) {
        return decoded(encoded).filter(text -> text.indexOf('\0') < 0).isPresent();
    }

    private static Optional<String> decoded(String encoded) {
        var bytes = ByteBuffer.allocate(encoded.length() * 3);
        for (var at = 0; at < encoded.length(); at++) {
            if (encoded.charAt(at) != '%') {
                bytes.put(
                        encoded.charAt(at) < 0x100
                                ? encoded.substring(at, at + 1).getBytes(ISO_8859_1)
                                : new byte[] {-1});
            } else if (at + 2 < encoded.length()
                    && Character.digit(encoded.charAt(at + 1), 16) >= 0
                    && Character.digit(encoded.charAt(at + 2), 16) >= 0) {
                bytes.put((byte) Integer.parseInt(encoded.substring(at + 1, at + 3), 16));
                at += 2;
            } else {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(UTF_8.newDecoder().decode(bytes.flip()).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
