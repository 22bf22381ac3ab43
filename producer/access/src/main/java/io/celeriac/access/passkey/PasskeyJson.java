package io.celeriac.access.passkey;

import io.celeriac.web.problem.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.webauthn.api.AuthenticatorAssertionResponse;
import org.springframework.security.web.webauthn.api.AuthenticatorAttestationResponse;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.PublicKeyCredential;
import org.springframework.security.web.webauthn.jackson.WebauthnJacksonModule;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What browsers take and send, as JSON by the standard ({@code PublicKeyCredential.toJSON}). */
final class PasskeyJson {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().addModule(new WebauthnJacksonModule()).build();
    private static final TypeReference<PublicKeyCredential<AuthenticatorAttestationResponse>> NEW =
            new TypeReference<>() {};
    private static final TypeReference<PublicKeyCredential<AuthenticatorAssertionResponse>> USED =
            new TypeReference<>() {};

    private static final String FIELD = "credential";
    private static final String RULE = "must be what navigator.credentials gave, by its toJSON()";

    private PasskeyJson() {}

    /** Options of Spring Security, as a browser takes them. */
    static JsonNode tree(Object options) {
        return MAPPER.valueToTree(options);
    }

    /**
     * A new credential.
     *
     * @throws ProblemException naming the field
     */
    static PublicKeyCredential<AuthenticatorAttestationResponse> created(@Nullable JsonNode credential) {
        var read = read(credential, NEW);
        if (read.getResponse().getAttestationObject() == null) {
            throw ProblemException.invalid(FIELD, RULE);
        }
        return read;
    }

    /**
     * A signature by a credential.
     *
     * @throws ProblemException naming the field
     */
    static PublicKeyCredential<AuthenticatorAssertionResponse> signed(@Nullable JsonNode credential) {
        var read = read(credential, USED);
        if (read.getResponse().getAuthenticatorData() == null
                || read.getResponse().getSignature() == null) {
            throw ProblemException.invalid(FIELD, RULE);
        }
        return read;
    }

    private static <T extends PublicKeyCredential<?>> T read(@Nullable JsonNode credential, TypeReference<T> type) {
        if (credential == null || credential.isNull()) {
            throw ProblemException.invalid(FIELD, "must be given");
        }
        try {
            T read = MAPPER.readValue(MAPPER.treeAsTokens(credential), type);
            if (read.getRawId() == null
                    || read.getResponse() == null
                    || read.getResponse().getClientDataJSON() == null) {
                throw ProblemException.invalid(FIELD, RULE);
            }
            return read;
        } catch (JacksonException | IllegalArgumentException e) {
            throw ProblemException.invalid(FIELD, RULE);
        }
    }

    /** The challenge that an authenticator says it has signed; empty for none. */
    static Bytes challenge(Bytes clientData) {
        try {
            return Bytes.fromBase64(
                    MAPPER.readTree(clientData.getBytes()).path("challenge").asString(""));
        } catch (JacksonException | IllegalArgumentException e) {
            return new Bytes(new byte[0]);
        }
    }
}
