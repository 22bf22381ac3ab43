package io.celeriac.access.ways;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.access.oidc.OidcWay;
import io.celeriac.access.passkey.RelyingParties;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells how people may sign in. */
@RestController
@RequestMapping(path = "/api/session/ways", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Access")
class WaysController {

    private static final String EXAMPLE =
            "{\"password\": true, \"passkey\": true, \"oidc\": {\"name\": \"login.example.org\", \"address\": \"/api/session/oidc\"}}";

    private final RelyingParties passkeys;
    private final ObjectProvider<OidcWay> oidc;

    WaysController(RelyingParties passkeys, ObjectProvider<OidcWay> oidc) {
        this.passkeys = passkeys;
        this.oidc = oidc;
    }

    /**
     * @param passkey whether passkeys can be used at the address of this request
     * @param oidc null where there is no issuer
     */
    @JsonInclude(Include.NON_NULL)
    record Ways(boolean password, boolean passkey, @Nullable OidcWay oidc) {}

    @GetMapping
    @Operation(
            summary = "List the ways to sign in",
            description =
                    "oidc has the address that sends a browser to the issuer; it is missing where there is no issuer.")
    @ApiResponse(
            responseCode = "200",
            description = "The ways at the address of this request",
            content = @Content(examples = @ExampleObject(EXAMPLE)))
    Ways ways(@Parameter(hidden = true) HttpServletRequest request) {
        var issuer = oidc.getIfAvailable();
        return new Ways(
                true,
                passkeys.find(request).isPresent(),
                issuer == null ? null : new OidcWay(issuer.name(), request.getContextPath() + issuer.address()));
    }
}
