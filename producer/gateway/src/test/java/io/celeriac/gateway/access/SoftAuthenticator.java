package io.celeriac.gateway.access;

import com.webauthn4j.converter.AttestationObjectConverter;
import com.webauthn4j.converter.AuthenticatorDataConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.data.attestation.AttestationObject;
import com.webauthn4j.data.attestation.authenticator.AAGUID;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.authenticator.AuthenticatorData;
import com.webauthn4j.data.attestation.authenticator.EC2COSEKey;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.extension.authenticator.AuthenticationExtensionAuthenticatorOutput;
import com.webauthn4j.data.extension.authenticator.RegistrationExtensionAuthenticatorOutput;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** A browser with one passkey, which verifies its user by nothing. */
final class SoftAuthenticator {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final ObjectConverter CONVERTER = new ObjectConverter();

    private final byte[] id = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    private final KeyPair keys;
    private final String origin;
    private boolean verifies = true;
    private String handle = "";
    private long count;

    /**
     * @param origin of the page that the browser shows
     */
    SoftAuthenticator(String origin) {
        this.origin = origin;
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            keys = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private SoftAuthenticator(SoftAuthenticator other, String origin) {
        this.origin = origin;
        keys = other.keys;
        System.arraycopy(other.id, 0, id, 0, id.length);
        handle = other.handle;
        count = other.count;
    }

    /** The same passkey in a browser that shows another page. */
    SoftAuthenticator at(String page) {
        return new SoftAuthenticator(this, page);
    }

    /** The count of signatures that the next one comes after. */
    SoftAuthenticator countingFrom(long signatures) {
        count = signatures;
        return this;
    }

    SoftAuthenticator withoutVerification() {
        verifies = false;
        return this;
    }

    SoftAuthenticator claimingToBeOf(String user) {
        handle = BASE64.encodeToString(user.getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    /** Makes the passkey, as {@code navigator.credentials.create} does. */
    String create(JsonNode options) {
        handle = options.path("user").path("id").asString();
        var data = new AuthenticatorData<RegistrationExtensionAuthenticatorOutput>(
                digest(options.path("rp").path("id").asString().getBytes(StandardCharsets.UTF_8)),
                (byte) (flags() | AuthenticatorData.BIT_AT),
                ++count,
                new AttestedCredentialData(
                        AAGUID.ZERO, id, EC2COSEKey.create(publicKey(), COSEAlgorithmIdentifier.ES256)));
        var attestation = new AttestationObjectConverter(CONVERTER)
                .convertToBytes(new AttestationObject(data, new NoneAttestationStatement()));
        return credential("\"clientDataJSON\":\"" + BASE64.encodeToString(clientData("webauthn.create", options))
                + "\",\"attestationObject\":\"" + BASE64.encodeToString(attestation)
                + "\",\"transports\":[\"internal\"]");
    }

    /** Signs a challenge, as {@code navigator.credentials.get} does. */
    String sign(JsonNode options) {
        var data = new AuthenticatorDataConverter(CONVERTER)
                .convert(new AuthenticatorData<AuthenticationExtensionAuthenticatorOutput>(
                        digest(options.path("rpId").asString().getBytes(StandardCharsets.UTF_8)), flags(), ++count));
        var clientData = clientData("webauthn.get", options);
        try {
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(data);
            signature.update(digest(clientData));
            return credential("\"clientDataJSON\":\"" + BASE64.encodeToString(clientData)
                    + "\",\"authenticatorData\":\"" + BASE64.encodeToString(data)
                    + "\",\"signature\":\"" + BASE64.encodeToString(signature.sign())
                    + "\",\"userHandle\":\"" + handle + "\"");
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private String credential(String response) {
        var text = BASE64.encodeToString(id);
        return "{\"id\":\"" + text + "\",\"rawId\":\"" + text + "\",\"type\":\"public-key\",\"response\":{" + response
                + "},\"authenticatorAttachment\":\"platform\",\"clientExtensionResults\":{}}";
    }

    private byte[] clientData(String type, JsonNode options) {
        return ("{\"type\":\"" + type + "\",\"challenge\":\""
                        + options.path("challenge").asString() + "\",\"origin\":\"" + origin
                        + "\",\"crossOrigin\":false}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte flags() {
        return (byte) (AuthenticatorData.BIT_UP | (verifies ? AuthenticatorData.BIT_UV : 0));
    }

    private java.security.interfaces.ECPublicKey publicKey() {
        return (java.security.interfaces.ECPublicKey) keys.getPublic();
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
