package io.celeriac.access.passkey;

import io.celeriac.access.throttle.Throttle;
import io.celeriac.access.user.User;
import io.celeriac.access.user.Users;
import io.celeriac.web.problem.ProblemException;
import org.springframework.security.web.webauthn.api.AuthenticatorAssertionResponse;
import org.springframework.security.web.webauthn.api.PublicKeyCredential;

/** Signs people in by passkey. Attempts are delayed after failures, as those by password are. */
final class PasskeySignIn {

    private static final String ACCOUNT = "passkey ";

    private final Passkeys passkeys;
    private final Throttle throttle;
    private final Users users;

    PasskeySignIn(Passkeys passkeys, Throttle throttle, Users users) {
        this.passkeys = passkeys;
        this.throttle = throttle;
        this.users = users;
    }

    /**
     * The user whose passkey has signed.
     *
     * @param address of the client
     * @throws ProblemException 401 when it is not accepted, 429 after too many failures
     */
    User check(RelyingParty party, PublicKeyCredential<AuthenticatorAssertionResponse> signed, String address) {
        var account = ACCOUNT + signed.getRawId().toBase64UrlString();
        throttle.begin(account, address);
        var user = passkeys.verify(party, signed);
        if (!users.signedIn(user)) {
            throw Passkeys.refused("the sessions of its user ended at this moment");
        }
        throttle.succeeded(account, address);
        return user;
    }
}
