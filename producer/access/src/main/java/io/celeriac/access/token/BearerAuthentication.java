package io.celeriac.access.token;

import io.celeriac.access.rule.CallerAuthentication;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** Reads the token of a request, and checks it. */
public final class BearerAuthentication implements AuthenticationConverter, AuthenticationManager, RequestMatcher {

    private static final String SCHEME = "bearer ";

    private final Tokens tokens;

    public BearerAuthentication(Tokens tokens) {
        this.tokens = tokens;
    }

    /** Whether the request has a token, right or wrong. */
    @Override
    public boolean matches(HttpServletRequest request) {
        var header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header != null && header.toLowerCase(Locale.ROOT).startsWith(SCHEME);
    }

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        var header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header == null || !matches(request)
                ? null
                : new PreAuthenticatedAuthenticationToken(
                        "token", header.substring(SCHEME.length()).strip());
    }

    @Override
    public Authentication authenticate(Authentication asked) throws AuthenticationException {
        try {
            return tokens.caller(String.valueOf(asked.getCredentials()))
                    .map(CallerAuthentication::new)
                    .orElseThrow(() -> new BadCredentialsException("no such token"));
        } catch (DataAccessException e) {
            throw new AuthenticationServiceException("the token cannot be checked", e);
        }
    }
}
