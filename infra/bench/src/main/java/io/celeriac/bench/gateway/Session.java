package io.celeriac.bench.gateway;

import tools.jackson.databind.JsonNode;

/** Somebody who has signed in by password, and may change what an administrator may. */
final class Session {

    private final Calls calls;
    private final String cookie;
    private final String csrf;

    private Session(Calls calls, String cookie, String csrf) {
        this.calls = calls;
        this.cookie = cookie;
        this.csrf = csrf;
    }

    static Session of(Calls calls, String user, String password) {
        var answer = calls.exchange("/api/session", "{\"user\":\"" + user + "\",\"password\":\"" + password + "\"}");
        var cookie = answer.headers()
                .firstValue("Set-Cookie")
                .map(header -> header.split(";", 2)[0])
                .orElseThrow(() -> new IllegalStateException(user + " cannot sign in: " + answer.body()));
        var csrf = Calls.expect(200, calls.get("/api/session", "Cookie", cookie))
                .json()
                .path("csrf")
                .path("token")
                .asString();
        return new Session(calls, cookie, csrf);
    }

    /** Creates something, and answers what was created. */
    JsonNode create(String path, String json) {
        return Calls.expect(201, calls.post(path, json, "Cookie", cookie, "X-CSRF-TOKEN", csrf))
                .json();
    }
}
