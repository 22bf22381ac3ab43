package io.celeriac.access.passkey;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.util.exception.WebAuthnException;
import io.celeriac.access.throttle.Networks;
import io.celeriac.access.user.User;
import io.celeriac.access.user.Users;
import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.web.webauthn.api.AuthenticatorAssertionResponse;
import org.springframework.security.web.webauthn.api.AuthenticatorAttestationResponse;
import org.springframework.security.web.webauthn.api.AuthenticatorSelectionCriteria;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.CredentialRecord;
import org.springframework.security.web.webauthn.api.PublicKeyCredential;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialCreationOptions;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialRequestOptions;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialRpEntity;
import org.springframework.security.web.webauthn.api.ResidentKeyRequirement;
import org.springframework.security.web.webauthn.api.UserVerificationRequirement;
import org.springframework.security.web.webauthn.management.ImmutablePublicKeyCredentialCreationOptionsRequest;
import org.springframework.security.web.webauthn.management.ImmutableRelyingPartyRegistrationRequest;
import org.springframework.security.web.webauthn.management.RelyingPartyAuthenticationRequest;
import org.springframework.security.web.webauthn.management.RelyingPartyPublicKey;
import org.springframework.security.web.webauthn.management.Webauthn4JRelyingPartyOperations;

/**
 * Registers passkeys and checks their signatures, by Spring Security.
 *
 * <p>A challenge is in the database, so any gateway can take its answer, and only one does. A passkey replaces a password, so its
 * authenticator has to verify the person (by PIN or finger).
 */
final class Passkeys {

    private static final Logger LOG = LoggerFactory.getLogger(Passkeys.class);

    /** How long a person may take. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Passkeys of a user. */
    static final int MOST = 20;

    private static final int MOST_OPEN = 1_000;
    private static final int LONGEST_CREDENTIAL = 1_023; // by the standard
    private static final int LONGEST_ATTESTATION = 32 << 10;

    private final PasskeyRepository rows;
    private final ChallengeRepository challenges;
    private final Users users;
    private final InstantSource clock;
    private final WebAuthnManager verifier = WebAuthnManager.createNonStrictWebAuthnManager(); // of any make

    Passkeys(PasskeyRepository rows, ChallengeRepository challenges, Users users, InstantSource clock) {
        this.rows = rows;
        this.challenges = challenges;
        this.users = users;
        this.clock = clock;
    }

    /** What a browser needs to make a passkey. */
    PublicKeyCredentialCreationOptions creation(RelyingParty party, User user, String address) {
        var identity = user.identity();
        if (identity != null) {
            throw new ProblemException(
                    HttpStatus.CONFLICT,
                    user.name() + " signs in by " + identity.issuer() + ", and has no passkeys here");
        }
        var made = Bytes.random();
        begin(made, user.id(), address);
        return creation(party, user, made);
    }

    private PublicKeyCredentialCreationOptions creation(RelyingParty party, User user, Bytes challenge) {
        var ceremony = ceremony(party, credential -> {});
        ceremony.setCustomizeCreationOptions(options -> options.challenge(challenge)
                .timeout(PATIENCE)
                .authenticatorSelection(AuthenticatorSelectionCriteria.builder()
                        .residentKey(ResidentKeyRequirement.REQUIRED)
                        .userVerification(UserVerificationRequirement.REQUIRED)
                        .build()));
        return ceremony.createPublicKeyCredentialCreationOptions(new ImmutablePublicKeyCredentialCreationOptionsRequest(
                UsernamePasswordAuthenticationToken.authenticated(user.name(), null, List.of())));
    }

    /**
     * Registers a passkey.
     *
     * @throws ProblemException 422 when it is not the answer to a challenge of this user, 409 when there is no room for it
     */
    Passkey register(
            RelyingParty party,
            User user,
            String name,
            PublicKeyCredential<AuthenticatorAttestationResponse> credential) {
        var challenge = PasskeyJson.challenge(credential.getResponse().getClientDataJSON());
        requireRoom(user, credential);
        if (!challenges.consume(challenge.getBytes(), user.id(), clock.instant())) {
            throw ProblemException.invalid(
                    "credential",
                    "must answer a challenge of this user, within " + PATIENCE.toMinutes() + " minutes, once");
        }
        var id = UUID.randomUUID().toString();
        var response = credential.getResponse();
        try {
            ceremony(
                            party,
                            made -> rows.insert(
                                    id,
                                    made,
                                    response.getAttestationObject().getBytes(),
                                    response.getClientDataJSON().getBytes(),
                                    clock.instant()))
                    .registerCredential(new ImmutableRelyingPartyRegistrationRequest(
                            creation(party, user, challenge), new RelyingPartyPublicKey(credential, name)));
        } catch (DuplicateKeyException e) {
            throw registered();
        } catch (WebAuthnException | IllegalArgumentException e) {
            LOG.info("a passkey of {} was refused: {}", user.name(), e.getMessage());
            throw ProblemException.invalid(
                    "credential",
                    "must be made at " + String.join(" or ", party.origins()) + ", with its user verified");
        }
        return find(user, id);
    }

    private void requireRoom(User user, PublicKeyCredential<AuthenticatorAttestationResponse> credential) {
        if (credential.getRawId().getBytes().length > LONGEST_CREDENTIAL
                || credential.getResponse().getAttestationObject().getBytes().length > LONGEST_ATTESTATION) {
            throw ProblemException.invalid("credential", "is too long");
        }
        if (rows.byCredential(credential.getRawId()).isPresent()) {
            throw registered();
        }
        if (rows.of(user.id()).size() >= MOST) {
            throw new ProblemException(
                    HttpStatus.CONFLICT, "a user has at most " + MOST + " passkeys; delete one first");
        }
    }

    private static ProblemException registered() {
        return new ProblemException(HttpStatus.CONFLICT, "this passkey is registered already");
    }

    /** What a browser needs to ask for a signature of any passkey. */
    PublicKeyCredentialRequestOptions request(RelyingParty party, String address) {
        var made = Bytes.random();
        begin(made, null, address);
        return request(party, made);
    }

    private static PublicKeyCredentialRequestOptions request(RelyingParty party, Bytes challenge) {
        return PublicKeyCredentialRequestOptions.builder()
                .challenge(challenge)
                .rpId(party.id())
                .timeout(PATIENCE)
                .allowCredentials(List.of())
                .userVerification(UserVerificationRequirement.REQUIRED)
                .build();
    }

    /** The name of the user whose passkey this seems to be; empty for none. */
    String claimed(PublicKeyCredential<AuthenticatorAssertionResponse> signed) {
        return rows.byCredential(signed.getRawId())
                .flatMap(found -> users.current(PasskeyRepository.text(found.getUserEntityUserId())))
                .map(User::name)
                .orElse("");
    }

    /**
     * The user whose passkey has signed.
     *
     * @throws ProblemException 401 when the signature is not accepted, for whatever reason
     */
    User verify(RelyingParty party, PublicKeyCredential<AuthenticatorAssertionResponse> signed) {
        var challenge = PasskeyJson.challenge(signed.getResponse().getClientDataJSON());
        if (!challenges.consume(challenge.getBytes(), null, clock.instant())) {
            throw refused("its challenge is not known, was used, or has expired");
        }
        try {
            var entity = ceremony(party, this::used)
                    .authenticate(new RelyingPartyAuthenticationRequest(request(party, challenge), signed));
            var handle = signed.getResponse().getUserHandle();
            if (handle != null && !handle.equals(entity.getId())) {
                throw refused("it names another user than its own");
            }
            return users.current(PasskeyRepository.text(entity.getId()))
                    .filter(User::enabled)
                    .orElseThrow(() -> refused("its user is disabled"));
        } catch (WebAuthnException | IllegalArgumentException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    /** Spring Security does not compare the count with that of the last signature, only with that of the registration. */
    private void used(CredentialRecord credential) {
        if (!rows.used(credential.getCredentialId(), credential.getSignatureCount(), clock.instant())) {
            throw refused("it was deleted, or there is a copy of it: its count did not grow");
        }
    }

    /** The answer does not tell why: the log does. */
    static ProblemException refused(String reason) {
        LOG.info("a passkey was refused: {}", reason);
        return new ProblemException(HttpStatus.UNAUTHORIZED, "the passkey was not accepted");
    }

    private void begin(Bytes challenge, @Nullable String user, String address) {
        var now = clock.instant();
        var network = Networks.of(address);
        if (challenges.open(network, now) >= MOST_OPEN) {
            throw ProblemException.tooOften("too many people of your network use a passkey at this moment", PATIENCE);
        }
        challenges.deleteExpired(now);
        challenges.insert(challenge.getBytes(), user, network, now.plus(PATIENCE));
    }

    /**
     * @param save what it means that the ceremony stores a credential
     */
    private Webauthn4JRelyingPartyOperations ceremony(RelyingParty party, Consumer<CredentialRecord> save) {
        var ceremony = new Webauthn4JRelyingPartyOperations(
                new PasskeyUsers(users),
                new StoredCredentials(rows, save),
                PublicKeyCredentialRpEntity.builder()
                        .id(party.id())
                        .name(party.name())
                        .build(),
                party.origins());
        ceremony.setWebAuthnManager(verifier);
        return ceremony;
    }

    List<Passkey> of(User user) {
        return rows.of(user.id());
    }

    Passkey rename(User user, String id, String name) {
        find(user, id);
        rows.rename(user.id(), id, name);
        return find(user, id);
    }

    /**
     * Deletes a passkey.
     *
     * @throws ProblemException 409 when the user could not sign in without it
     */
    void delete(User user, String id) {
        find(user, id);
        if (user.password() == null && rows.of(user.id()).size() == 1) {
            throw new ProblemException(
                    HttpStatus.CONFLICT,
                    "this passkey is the only way to sign in; an administrator can set a password");
        }
        rows.delete(user.id(), id);
    }

    /** Deletes a passkey, also the only way of the user to sign in. */
    void remove(User user, String id) {
        find(user, id);
        rows.delete(user.id(), id);
    }

    private Passkey find(User user, String id) {
        return rows.find(user.id(), id)
                .orElseThrow(() -> new ProblemException(HttpStatus.NOT_FOUND, "there is no passkey " + id));
    }
}
