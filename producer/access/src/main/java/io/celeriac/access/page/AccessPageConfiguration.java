package io.celeriac.access.page;

import io.celeriac.web.caller.Authority;
import io.celeriac.web.page.FormToken;
import io.celeriac.web.page.Place;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.csrf.CsrfToken;

/** Configures the places of access, and the token that every page gives to its script. */
@Configuration(proxyBeanMethods = false)
class AccessPageConfiguration {

    private static final int ACCESS_ORDER = 110;
    private static final int AUDIT_ORDER = 120;

    @Bean
    Place accessPlace() {
        return new Place(ACCESS_ORDER, "/access", "place.access", "access", null, Authority.USER_ADMIN, false);
    }

    @Bean
    Place auditPlace() {
        return new Place(AUDIT_ORDER, AuditPages.PATH, "place.audit", "lock", null, Authority.AUDIT_READ, false);
    }

    /** The token of the session; none where there is no session, as there is nothing to forge then. */
    @Bean
    FormToken formToken() {
        return request -> request.getSession(false) != null
                        && request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token
                ? token.getToken()
                : null;
    }
}
