package io.celeriac.gateway.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.gateway.TestGateway;
import io.celeriac.schedule.rule.ScheduleRule;
import io.celeriac.testkit.TestStack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Schedules over HTTP, in the whole program. */
class ScheduleControllerIT {

    private static ConfigurableApplicationContext gateway;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(TestStack.uniqueName("schedules"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void livesFromCreationToDeletion() throws Exception {
        var created = send(
                "POST",
                "/api/schedules",
                "{'name':'nightly','task':'demo.add','args':[1,2],'kind':'interval','every':'PT3S','labels':{'a':'b'}}");
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.headers().firstValue("Location")).contains("/api/schedules/nightly");
        assertThat(created.headers().firstValue("ETag").orElseThrow()).startsWith("\"1-");
        assertThat(created.body())
                .contains("\"task\":\"demo.add\"", "\"args\":[1,2]", "\"kind\":\"interval\",\"every\":\"PT3S\"")
                .contains("\"inWords\":\"every 3 seconds\"", "\"enabled\":true", "\"catchUp\":\"last\"");
        assertThat(send("POST", "/api/schedules", "{'name':'nightly','task':'t','kind':'interval','every':'PT1S'}")
                        .statusCode())
                .isEqualTo(409);

        var same = send("PUT", "/api/schedules/nightly", created.body(), "If-Match", "\"1\"");
        assertThat(same.statusCode()).isEqualTo(200);
        assertThat(same.headers().firstValue("ETag").orElseThrow()).startsWith("\"2-");
        for (var stale : new String[] {"\"1\"", "\"theirs\""}) {
            assertThat(send("PUT", "/api/schedules/nightly", created.body(), "If-Match", stale)
                            .statusCode())
                    .isEqualTo(412);
        }
        assertThat(send("DELETE", "/api/schedules/nightly", "", "If-Match", "\"1\"")
                        .statusCode())
                .isEqualTo(412);

        var paused = json(send("POST", "/api/schedules/nightly/pause", "{'note':'too loud'}"));
        assertThat(paused.path("enabled").asBoolean(true)).isFalse();
        assertThat(paused.path("note").asString()).isEqualTo("too loud");
        var resumed = json(send("POST", "/api/schedules/nightly/resume", ""));
        assertThat(resumed.path("enabled").asBoolean(false)).isTrue();

        assertThat(send("GET", "/api/schedules?limit=200", "").body()).contains("\"name\":\"nightly\"");
        assertThat(json(send("GET", "/api/schedules/nightly/firings", ""))
                        .path("items")
                        .isArray())
                .isTrue();
        assertThat(send("DELETE", "/api/schedules/nightly", "", "If-Match", "\"4\"")
                        .statusCode())
                .isEqualTo(204);
        assertThat(send("GET", "/api/schedules/nightly", "").statusCode()).isEqualTo(404);
        assertThat(send("POST", "/api/schedules/nightly/pause", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void createsByPutUnlessItMustBeThere() throws Exception {
        var body = "{'task':'demo.noop','kind':'interval','every':'PT1S'}";

        assertThat(send("PUT", "/api/schedules/put", body, "If-Match", "*").statusCode())
                .isEqualTo(412);
        assertThat(send("PUT", "/api/schedules/put", body).statusCode()).isEqualTo(201);
        assertThat(send("DELETE", "/api/schedules/put", "").statusCode()).isEqualTo(204);
    }

    /** RFC 9110, section 13: lists of tags, weak ones, and what must not be there. */
    @Test
    void keepsToTheConditionsOfARequest() throws Exception {
        var body = "{'task':'demo.noop','kind':'interval','every':'PT1H'}";
        assertThat(put("cond", body, "If-None-Match", "*")).isEqualTo(201);
        assertThat(put("cond", body, "If-None-Match", "*")).isEqualTo(412);
        assertThat(put("cond", body, "If-None-Match", "\"1\"")).isEqualTo(412);
        assertThat(put("cond", body, "If-None-Match", "W/\"1\", \"77\"")).isEqualTo(412);
        assertThat(put("cond", body, "If-None-Match", "\"77\"")).isEqualTo(200); // 2 from now on
        assertThat(put("cond", body, "If-Match", "\"2\", \"77\"")).isEqualTo(200); // 3
        assertThat(put("cond", body, "If-Match", "\"77\",\"3\"")).isEqualTo(200); // 4
        assertThat(put("cond", body, "If-Match", "W/\"4\"")).isEqualTo(412);
        assertThat(put("cond", body, "If-Match", "\"3\", \"77\"")).isEqualTo(412);
        assertThat(put("cond", body, "If-Match", "*")).isEqualTo(200); // 5
        var tag = send("GET", "/api/schedules/cond", "")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        assertThat(put("cond", body, "If-Match", tag)).isEqualTo(200);
        assertThat(put("cond", body, "If-Match", tag)).isEqualTo(412);
        var none = send("PUT", "/api/schedules/cond", body, "If-Match", "six");
        assertThat(none.statusCode()).isEqualTo(400);
        assertThat(none.body()).contains("\"field\":\"If-Match\"");
    }

    private int put(String name, String body, String header, String value) throws Exception {
        return send("PUT", "/api/schedules/" + name, body, header, value).statusCode();
    }

    /** A firing is no change by a person, and yet what a reader has is old. */
    @Test
    void tellsOfFiringsInItsTag() throws Exception {
        send("PUT", "/api/schedules/fired", "{'task':'demo.noop','kind':'interval','every':'PT1H'}");
        var tag = send("GET", "/api/schedules/fired", "")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        assertThat(send("GET", "/api/schedules/fired", "", "If-None-Match", tag).statusCode())
                .isEqualTo(304);

        sql("UPDATE schedule SET total_fires = 1, last_fire_at = '2026-01-31 12:00:00' WHERE name = 'fired'");

        var read = send("GET", "/api/schedules/fired", "", "If-None-Match", tag);
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.body()).contains("\"totalFires\":1");
        assertThat(send("PUT", "/api/schedules/fired", read.body(), "If-Match", tag)
                        .statusCode())
                .as("nobody else has changed it")
                .isEqualTo(200);
    }

    @Test
    void createsOrReplacesHoweverManyPutAtOnce() {
        var body = "{'task':'demo.noop','kind':'interval','every':'PT1H'}";
        for (var round = 0; round < 5; round++) {
            var answers = IntStream.range(0, 20)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> status(i % 5 == 4 ? "DELETE" : "PUT", "/api/schedules/race", body),
                            run -> new Thread(run).start()))
                    .toList();
            assertThat(answers.stream().map(CompletableFuture::join)).isSubsetOf(200, 201, 204, 404);
        }
    }

    private int status(String method, String path, String body) {
        try {
            return send(method, path, method.equals("PUT") ? body : "").statusCode();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void reachesWhateverIsInTheTableByItsNameAndNothingElse() throws Exception {
        sql("INSERT INTO schedule (name, task, kind, spec, enabled) VALUES ('a/b', 't', 'interval', '{}', FALSE),"
                + " ('c d', 't', 'interval', '{}', FALSE), ('ä;?#', 't', 'interval', '{}', FALSE)");
        send("PUT", "/api/schedules/pad", "{'task':'demo.noop','kind':'interval','every':'PT1H'}");

        assertThat(send("DELETE", "/api/schedules/pad%20", "").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/api/schedules/pad%20", "").statusCode()).isEqualTo(404);
        assertThat(send("DELETE", "/api/schedules/pad", "").statusCode()).isEqualTo(204);
        for (var path : new String[] {"a%2Fb", "c%20d", "%C3%A4%3B%3F%23"}) {
            assertThat(send("GET", "/api/schedules/" + path, "").body()).contains("\"error\":\"");
            assertThat(send("DELETE", "/api/schedules/" + path, "").statusCode())
                    .as(path)
                    .isEqualTo(204);
        }
    }

    @Test
    void previewsWithoutStoring() throws Exception {
        var answer = send(
                "POST",
                "/api/schedules/preview?count=3",
                "{'kind':'interval','every':'PT3S','after':'2026-01-31T12:00:00Z'}");

        assertThat(answer.body())
                .isEqualTo("{\"fires\":[\"2026-01-31T12:00:03Z\",\"2026-01-31T12:00:06Z\",\"2026-01-31T12:00:09Z\"],"
                        + "\"description\":\"every 3 seconds\"}");
    }

    @Test
    void namesTheFieldThatIsWrong() throws Exception {
        assertRefused("'name':'a','task':'t','kind':'interval','every':'PT0S'", "every", "must be from PT0.01S");
        assertRefused("'name':'a','task':'t','kind':'interval','every':3", "every", "must be an ISO-8601 duration");
        assertRefused("'name':'a','task':'t','kind':'lunar'", "kind", "must be one of " + ScheduleRule.KINDS);
        assertRefused(
                "'name':'a','task':'t','kind':'crontab','crontab':{'minute':'61'}",
                "crontab.minute",
                "must be from 0 to 59");
        assertRefused("'name':'a','task':'t','every':'PT1S'", "kind", "is required");
        assertRefused("'name':'a','kind':'interval','every':'PT1S'", "task", "is required");
        var good = "'task':'t','kind':'interval','every':'PT1S'";
        assertRefused(good, "name", "is required");
        assertRefused(good + ",'name':'a b'", "name", "must match");
        assertRefused(good + ",'name':'" + "x".repeat(201) + "'", "name", "must match");
        assertRefused(good + ",'name':'a','labels':{'a':null}", "labels.a", "must be a text");
        assertRefused(good + ",'name':'a','labels':{'a':1}", "labels.a", "has a value that does not fit");
        assertRefused(good + ",'name':'a','startAt':'1969-12-31T23:59:59Z'", "startAt", "must be from 1970 to 9999");
        assertRefused(good + ",'name':'a','endAt':'+10000-01-01T00:00:00Z'", "endAt", "must be from 1970 to 9999");
        assertRefused(good + ",'name':'a','overlaps':'skip'", "overlaps", "is not known here");
        assertRefused(
                good + ",'name':'a','overlap':'never'",
                "overlap",
                "must be one of [allow, skip, buffer_one, cancel_other]");
        assertRefused(good + ",'name':'a','jitter':'P2D'", "jitter", "must be from PT0S to PT24H");
        assertRefused(good + ",'name':'a','timezone':'X/Y'", "timezone", "must be a time zone");
        assertRefused(
                good + ",'name':'a','startAt':'noon'",
                "startAt",
                "has a value that does not fit: it must be an instant such as 2026-01-31T00:00:00Z");
        assertRefused(good + ",'name':'a','args':{}", "args", "has a value that does not fit: it must be an array");
        assertRefused(
                good + ",'name':'a','kwargs':[1]", "kwargs", "has a value that does not fit: it must be an object");
        assertRefused(
                good + ",'name':'a','at':'2036-01-31T00:00:00Z'",
                "at",
                "is a field of kind clocked, and this schedule is of kind interval");
        assertRefused(good + ",'name':'a','queue':'A B'", "queue", "must match");
        assertRefused(good + ",'name':'a','catchUp':'some'", "catchUp", "must be one of [none, last, all]");
    }

    /** One row that somebody spoilt by SQL must hide neither the others nor itself. */
    @Test
    void tellsARowThatCannotBeReadAndLetsItBeMendedOrDeleted() throws Exception {
        var body = "{'task':'demo.noop','kind':'interval','every':'PT1H'}";
        for (var name : new String[] {"spoilt.a", "spoilt.b", "spoilt.c"}) {
            send("PUT", "/api/schedules/" + name, body);
        }
        sql("UPDATE schedule SET spec = '{\"every\":\"3s\"}' WHERE name = 'spoilt.b'");

        var items = json(send("GET", "/api/schedules?namePrefix=spoilt.", "")).path("items");
        assertThat(items)
                .extracting(item -> item.path("name").asString())
                .containsExactly("spoilt.a", "spoilt.b", "spoilt.c");
        assertThat(items).extracting(item -> item.has("error")).containsExactly(false, true, false);
        var one = send("GET", "/api/schedules/spoilt.b", "");
        assertThat(one.headers().firstValue("ETag").orElseThrow()).startsWith("\"1-");
        assertThat(json(one)).isEqualTo(items.path(1));
        assertThat(one.body())
                .contains("\"kind\":\"interval\"", "\"error\":\"every must be an ISO-8601 duration such as PT30S");

        for (var action : new String[] {"pause", "resume", "fire"}) {
            var refused = send("POST", "/api/schedules/spoilt.b/" + action, "");
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(json(refused).path("detail").asString())
                    .startsWith("schedule spoilt.b was changed by hand and cannot be read: every must be")
                    .endsWith("; replace it by PUT, or delete it");
        }
        assertThat(send("GET", "/api/schedules/spoilt.b/firings", "").statusCode())
                .isEqualTo(200);

        var mended = send("PUT", "/api/schedules/spoilt.b", body, "If-Match", "\"1\"");
        assertThat(mended.statusCode()).isEqualTo(200);
        assertThat(json(mended).has("error")).isFalse();
        assertThat(json(mended).path("nextFireAt").isMissingNode()).isFalse();

        sql("UPDATE schedule SET kind = 'lunar' WHERE name = 'spoilt.b'");
        assertThat(send("DELETE", "/api/schedules/spoilt.b", "").statusCode()).isEqualTo(204);
        assertThat(send("GET", "/api/schedules/spoilt.b", "").statusCode()).isEqualTo(404);
    }

    @Test
    void refusesWhatNeverFiresUnlessItIsPaused() throws Exception {
        var past = "'name':'past','task':'demo.noop','kind':'clocked','at':'2020-01-01T00:00:00Z'";
        assertRefused(past, "at", "must not have passed");
        assertProblem(send("PUT", "/api/schedules/past", "{" + past + "}"), "at", "must not have passed");
        assertRefused(
                "'name':'past','task':'demo.noop','kind':'interval','every':'PT1S','endAt':'2020-01-01T00:00:00Z'",
                "endAt",
                "must not be before the next firing");
        assertThat(send("GET", "/api/schedules/past", "").statusCode()).isEqualTo(404);

        assertThat(send("POST", "/api/schedules", "{" + past + ",'enabled':false}")
                        .statusCode())
                .isEqualTo(201);
        assertProblem(send("POST", "/api/schedules/past/resume", ""), "at", "must not have passed");
        assertThat(send("POST", "/api/schedules", "{" + past + "}").statusCode())
                .isEqualTo(409);
    }

    @Test
    void findsByWhatPeopleAskFor() throws Exception {
        var some = "'kind':'interval','every':'PT1H','labels':{'tenant':'acme'}}";
        send("PUT", "/api/schedules/find.a", "{'task':'find.one'," + some);
        send("PUT", "/api/schedules/find.b", "{'task':'find.one','enabled':false," + some);
        send("PUT", "/api/schedules/find.c", "{'task':'find.two'," + some);

        assertThat(found("namePrefix=find.")).containsExactly("find.a", "find.b", "find.c");
        assertThat(found("namePrefix=find.&limit=1&cursor=find.a")).containsExactly("find.b");
        assertThat(found("task=find.one")).containsExactly("find.a", "find.b");
        assertThat(found("task=find.one&enabled=true&queue=default&kind=interval&label=tenant:acme"))
                .containsExactly("find.a");
        assertThat(found("task=find.one&label=tenant:other")).isEmpty();
        assertThat(found("namePrefix=find.&declaredBy=shop")).isEmpty();

        for (var wrong : new String[] {"kind=lunar", "queue=A+B", "task=a+b", "label=x", "namePrefix="}) {
            var field = wrong.substring(0, wrong.indexOf('='));
            assertProblem(send("GET", "/api/schedules?" + wrong, ""), field, "must");
        }
        var noBoolean = send("GET", "/api/schedules?enabled=perhaps", "");
        assertThat(noBoolean.statusCode()).isEqualTo(400);
        assertThat(noBoolean.body()).contains("\"field\":\"enabled\"");
    }

    private List<String> found(String query) throws Exception {
        return json(send("GET", "/api/schedules?" + query, ""))
                .path("items")
                .valueStream()
                .map(item -> item.path("name").asString())
                .toList();
    }

    @Test
    void tellsWhatApplicationsDeclare() throws Exception {
        var put = json(send("PUT", "/api/schedules/declared", "{'task':'t','kind':'interval','every':'PT1H'}"));
        assertThat(put.path("declarations")).isEmpty();
        sql("INSERT INTO schedule_declared (source, name, schedule_id, remark) VALUES"
                + " ('shop', 'declared', '" + put.path("id").asString() + "', 'a person has changed it'),"
                + " ('other', 'declared', NULL, 'there is one already'), ('shop', 'broken', NULL, 'every must be'),"
                + " ('shop', 'fine', 'x', NULL)");

        var one = send("GET", "/api/schedules/declared", "");
        assertThat(one.body())
                .contains(
                        "\"declarations\":[{\"source\":\"other\",\"owner\":false,\"remark\":\"there is one already\"},"
                                + "{\"source\":\"shop\",\"owner\":true,\"remark\":\"a person has changed it\"}]");
        assertThat(found("declaredBy=shop")).containsExactly("declared");
        assertThat(send("PUT", "/api/schedules/declared", one.body()).statusCode())
                .as("one can send back what one got")
                .isEqualTo(200);

        var page = json(send("GET", "/api/schedule-declarations?source=shop&remarked=true&limit=1", ""));
        assertThat(page.path("items").path(0).path("name").asString()).isEqualTo("broken");
        var cursor = page.path("cursor").asString();
        assertThat(send("GET", "/api/schedule-declarations?source=shop&remarked=true&cursor=" + cursor, "")
                        .body())
                .isEqualTo("{\"items\":[{\"source\":\"shop\",\"name\":\"declared\",\"scheduleId\":\""
                        + put.path("id").asString() + "\",\"remark\":\"a person has changed it\"}]}");
        assertProblem(send("GET", "/api/schedule-declarations?cursor=x", ""), "cursor", "must be one that");
    }

    private static void sql(String statement) {
        gateway.getBean(JdbcClient.class).sql(statement).update();
    }

    @Test
    void storesWhatPeopleAskForBesideTheRhythm() throws Exception {
        send(
                "PUT",
                "/api/schedules/daily",
                "{'task':'demo.noop','kind':'interval','every':'P1D','startAt':'2026-01-01T04:00:00Z','overlap':'skip','jitter':'PT5S'}");
        var before = send("GET", "/api/schedules/daily", "").body();
        assertThat(before).contains("\"overlap\":\"skip\"", "\"jitter\":\"PT5S\"", "\"timezone\":\"UTC\"");

        var run = send("POST", "/api/schedules/daily/fire", "");
        assertThat(run.statusCode()).isEqualTo(202);
        assertThat(run.headers().firstValue("Location"))
                .contains("/api/tasks/" + json(run).path("id").asString());

        var counted =
                send("GET", "/api/schedules/daily/backfill?from=2025-12-30T04:00:00Z&to=2026-01-03T04:00:00Z", "");
        assertThat(json(counted).path("total").asLong()).isEqualTo(4);
        assertThat(json(send("GET", "/api/schedules/daily/backfills", "")).path("items"))
                .isEmpty();

        var asked = send(
                "POST",
                "/api/schedules/daily/backfill",
                "{'from':'2025-12-30T04:00:00Z','to':'2026-01-03T04:00:00Z','perSecond':5}");
        assertThat(asked.statusCode()).isEqualTo(202);
        var place = asked.headers().firstValue("Location").orElseThrow();
        var backfill = json(send("GET", place, ""));
        assertThat(backfill.path("state").asString()).isEqualTo("active");
        assertThat(backfill.path("total").asLong()).isEqualTo(4);
        assertThat(backfill.path("nextFireTime").asString()).isEqualTo("2025-12-30T04:00:00Z");
        assertThat(json(send("GET", "/api/schedules/daily/backfills", "")).path("items"))
                .hasSize(1);

        var cancelled = json(send("POST", place + "/cancel", ""));
        assertThat(cancelled.path("state").asString()).isEqualTo("cancelled");
        assertThat(json(send("POST", place + "/cancel", ""))).isEqualTo(cancelled);
        assertThat(send("GET", "/api/schedules/daily", "").body()).isEqualTo(before);
    }

    @Test
    void listsBackfillsMoreOftenThanThereAreConnections() throws Exception {
        send("PUT", "/api/schedules/listed", "{'task':'demo.noop','kind':'interval','every':'PT1H'}");

        for (var times = 0; times < 12; times++) {
            assertThat(send("GET", "/api/schedules/listed/backfills", "").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void namesWhatIsWrongWithABackfill() throws Exception {
        send("PUT", "/api/schedules/fast", "{'task':'demo.noop','kind':'interval','every':'PT0.01S'}");

        assertBackfillRefused("'to':'2026-01-03T00:00:00Z'", "from", "is required");
        assertBackfillRefused("'from':'2026-01-03T00:00:00Z','to':'2026-01-03T00:00:00Z'", "to", "must be after from");
        assertBackfillRefused(
                "'from':'2026-01-03T00:00:00Z','to':'2126-01-03T00:00:00Z'", "to", "must not be in the future");
        assertBackfillRefused(
                "'from':'2026-01-03T00:00:00Z','to':'2026-01-04T00:00:00Z'", "from", "makes more than 1000000 firings");
        var range = "'from':'2026-01-03T00:00:00Z','to':'2026-01-03T00:01:00Z'";
        assertBackfillRefused(range + ",'perSecond':0", "perSecond", "must be from 1 to 1000");
        assertBackfillRefused(range + ",'rate':1", "rate", "is not known here");
        assertBackfillRefused("'from':'noon','to':'2026-01-03T00:01:00Z'", "from", "has a value that does not fit");
        assertThat(send("POST", "/api/schedules/none/backfill", "{" + range + "}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(send("POST", "/api/schedules/none/fire", "").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/api/schedules/fast/backfills/x", "").statusCode())
                .isEqualTo(404);
    }

    private void assertBackfillRefused(String fields, String field, String message) throws Exception {
        assertProblem(send("POST", "/api/schedules/fast/backfill", "{" + fields + "}"), field, message);
    }

    private void assertRefused(String fields, String field, String message) throws Exception {
        assertProblem(send("POST", "/api/schedules", "{" + fields + "}"), field, message);
    }

    private static void assertProblem(HttpResponse<String> answer, String field, String message) {
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        var error = json(answer).path("errors").path(0);
        assertThat(error.path("field").asString()).isEqualTo(field);
        assertThat(error.path("message").asString()).startsWith(message);
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        var port = gateway.getEnvironment().getProperty("local.server.port");
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return TaskJson.MAPPER.readTree(answer.body());
    }
}
