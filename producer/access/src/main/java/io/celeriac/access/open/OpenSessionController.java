package io.celeriac.access.open;

import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells that everybody may do everything. */
@RestController
@Tag(name = "Access")
class OpenSessionController {

    /**
     * @param access {@code open}
     * @param kind {@code open}
     */
    record OpenSession(String access, String kind, Set<Authority> authorities) {}

    @GetMapping(path = "/api/session", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Who am I",
            description = "access is open: access control is off, and everybody may do everything.")
    OpenSession session(Caller caller) {
        return new OpenSession("open", "open", caller.authorities());
    }
}
