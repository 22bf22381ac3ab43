package io.celeriac.schedule;

import io.celeriac.schedule.rule.InvalidScheduleException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the fire time into the texts of arguments.
 *
 * <pre>
 * {fireTime}              the instant, such as 2026-01-31T12:00:00Z
 * {fireTime:yyyy-MM-dd}   the schedule's wall clock, in a format of {@link DateTimeFormatter}, with English names
 * {{fireTime}}            the text {fireTime}
 * </pre>
 */
final class FireTimeText {

    private static final String BEGIN = "{fireTime";
    private static final Pattern PLACE = Pattern.compile("\\{(\\{fireTime(?::[^{}]*)?})}|\\{fireTime(?::([^{}]*))?}");
    private static final Pattern PADDED = Pattern.compile("^(?:[^'p]|'[^']*')*p");
    private static final ZonedDateTime ANY = Instant.EPOCH.atZone(ZoneOffset.UTC);

    private FireTimeText() {}

    /**
     * Checks the formats in arguments.
     *
     * @throws InvalidScheduleException naming the field
     */
    static void check(String field, Collection<JsonNode> arguments) {
        for (var argument : arguments) {
            if (isIn(argument)) {
                try {
                    written(argument, ANY);
                } catch (IllegalArgumentException | DateTimeException e) {
                    throw new InvalidScheduleException(
                            field, "must have formats such as {fireTime:yyyy-MM-dd}: " + e.getMessage());
                }
            }
        }
    }

    static List<JsonNode> written(List<JsonNode> arguments, ZonedDateTime fireTime) {
        return arguments.stream()
                .map(argument -> isIn(argument) ? written(argument, fireTime) : argument)
                .toList();
    }

    static Map<String, JsonNode> written(Map<String, JsonNode> arguments, ZonedDateTime fireTime) {
        var written = new LinkedHashMap<>(arguments);
        written.replaceAll((name, argument) -> isIn(argument) ? written(argument, fireTime) : argument);
        return written;
    }

    private static boolean isIn(JsonNode node) {
        return node.isString()
                ? node.stringValue().contains(BEGIN)
                : node.valueStream().anyMatch(FireTimeText::isIn);
    }

    private static JsonNode written(JsonNode node, ZonedDateTime fireTime) {
        if (node.isString()) {
            var text = PLACE.matcher(node.stringValue())
                    .replaceAll(place -> Matcher.quoteReplacement(written(place, fireTime)));
            return JsonNodeFactory.instance.stringNode(text);
        }
        if (node instanceof ArrayNode array) {
            var written = JsonNodeFactory.instance.arrayNode();
            array.forEach(item -> written.add(written(item, fireTime)));
            return written;
        }
        if (node instanceof ObjectNode object) {
            var written = JsonNodeFactory.instance.objectNode();
            object.properties().forEach(member -> written.set(member.getKey(), written(member.getValue(), fireTime)));
            return written;
        }
        return node;
    }

    private static String written(MatchResult place, ZonedDateTime fireTime) {
        if (place.group(1) != null) {
            return place.group(1);
        }
        var format = place.group(2);
        if (format == null) {
            return fireTime.toInstant().toString();
        }
        if (format.isEmpty()) {
            throw new IllegalArgumentException("a format is missing");
        }
        if (PADDED.matcher(format).find()) { // it fails at each value that is longer, so only at some fire times
            throw new IllegalArgumentException("the letter p is not known");
        }
        return DateTimeFormatter.ofPattern(format, Locale.ENGLISH).format(fireTime);
    }
}
