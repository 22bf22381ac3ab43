package io.celeriac.gateway.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.celeriac.contract.TaskJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** An OpenID Connect issuer that lets everybody in whom a test names. */
final class FakeIssuer implements AutoCloseable {

    static final String CLIENT = "celeriac";
    static final String SECRET = "a secret of the gateway";

    private final HttpServer server;
    private final RSAKey key = key();
    private final Map<String, Grant> grants = new ConcurrentHashMap<>();
    private volatile boolean isAway;

    /** What a code stands for. */
    private record Grant(String challenge, String idToken) {}

    FakeIssuer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    FakeIssuer away(boolean away) {
        isAway = away;
        return this;
    }

    private void answer(HttpExchange exchange) throws IOException {
        var form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (isAway) {
            exchange.close();
            return;
        }
        var path = exchange.getRequestURI().getPath();
        if (path.equals("/.well-known/openid-configuration")) {
            send(exchange, 200, TaskJson.MAPPER.writeValueAsString(configuration()));
        } else if (path.equals("/jwks")) {
            send(exchange, 200, new JWKSet(key.toPublicJWK()).toString());
        } else if (path.equals("/token")) {
            token(exchange, parameters(form));
        } else {
            send(exchange, 404, "{}");
        }
    }

    private Map<String, Object> configuration() {
        var all = new LinkedHashMap<String, Object>();
        all.put("issuer", address());
        all.put("authorization_endpoint", address() + "/authorize");
        all.put("token_endpoint", address() + "/token");
        all.put("jwks_uri", address() + "/jwks");
        all.put("response_types_supported", new String[] {"code"});
        all.put("subject_types_supported", new String[] {"public"});
        all.put("id_token_signing_alg_values_supported", new String[] {"RS256"});
        return all;
    }

    private void token(HttpExchange exchange, Map<String, String> form) throws IOException {
        var basic = Base64.getEncoder()
                .encodeToString((CLIENT + ":" + SECRET.replace(' ', '+')).getBytes(StandardCharsets.UTF_8));
        var grant = grants.remove(form.getOrDefault("code", ""));
        if (!("Basic " + basic).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, "{\"error\":\"invalid_client\"}");
        } else if (grant == null || !grant.challenge().equals(challenge(form.get("code_verifier")))) {
            send(exchange, 400, "{\"error\":\"invalid_grant\"}");
        } else {
            send(
                    exchange,
                    200,
                    "{\"access_token\":\"x\",\"token_type\":\"Bearer\",\"expires_in\":60,\"id_token\":\""
                            + grant.idToken() + "\"}");
        }
    }

    private static String challenge(String verifier) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        var bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    static Map<String, String> parameters(String query) {
        return Arrays.stream(query.split("&"))
                .map(one -> one.split("=", 2))
                .collect(Collectors.toMap(
                        one -> one[0], one -> URLDecoder.decode(one.length > 1 ? one[1] : "", StandardCharsets.UTF_8)));
    }

    /** The claims of a person who was sent here, as they should be. */
    JWTClaimsSet.Builder person(String subject, URI sent) {
        var now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(address())
                .audience(CLIENT)
                .subject(subject)
                .claim("nonce", parameters(sent.getRawQuery()).get("nonce"))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)));
    }

    /** A code for these claims, for the browser that was sent here. */
    String code(URI sent, JWTClaimsSet claims) {
        return code(sent, claims, key);
    }

    /** The same, signed by somebody else. */
    String forgedCode(URI sent, JWTClaimsSet claims) {
        return code(sent, claims, key());
    }

    private String code(URI sent, JWTClaimsSet claims, RSAKey signer) {
        try {
            var token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("key").build(), claims);
            token.sign(new RSASSASigner(signer));
            var code = UUID.randomUUID().toString();
            grants.put(code, new Grant(parameters(sent.getRawQuery()).get("code_challenge"), token.serialize()));
            return code;
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static RSAKey key() {
        try {
            return new RSAKeyGenerator(2048).keyID("key").generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
