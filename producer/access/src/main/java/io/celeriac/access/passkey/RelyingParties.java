package io.celeriac.access.passkey;

import io.celeriac.web.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpStatus;

/** Finds the relying party of a request: by the settings, or by the request's host if that is {@code localhost}. */
public final class RelyingParties {

    private static final String LOCALHOST = "localhost"; // browsers make no passkeys for addresses such as 127.0.0.1
    private static final int HTTP = 80;

    private final PasskeyProperties settings;
    private final boolean isLoopback;

    /**
     * @param isLoopback whether only this machine reaches the gateway
     */
    RelyingParties(PasskeyProperties settings, boolean isLoopback) {
        this.settings = settings;
        this.isLoopback = isLoopback;
    }

    /** The relying party; empty when passkeys are off for this request. */
    public Optional<RelyingParty> find(HttpServletRequest request) {
        var id = settings.rpId();
        if (id != null) {
            var origins = settings.origins().isEmpty() ? Set.of("https://" + id) : settings.origins();
            return Optional.of(new RelyingParty(id, settings.rpName(), origins));
        }
        if (!isLoopback || !LOCALHOST.equalsIgnoreCase(request.getServerName())) {
            return Optional.empty();
        }
        var port = request.getServerPort() == HTTP ? "" : ":" + request.getServerPort();
        var origin = request.getScheme() + "://" + LOCALHOST + port;
        return Optional.of(new RelyingParty(LOCALHOST, settings.rpName(), Set.of(origin)));
    }

    /**
     * @throws ProblemException 409 when passkeys are off; it names the setting
     */
    RelyingParty require(HttpServletRequest request) {
        return find(request)
                .orElseThrow(() -> new ProblemException(
                        HttpStatus.CONFLICT,
                        "passkeys are off: celeriac.access.passkey.rp-id names no domain"
                                + (isLoopback ? ", and this address is not http://localhost" : "")));
    }
}
