package io.celeriac.schedule.rule;

import io.celeriac.contract.TaskJson;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fires at an event of the sun at a place, at sea level with a free horizon. Days without the event are skipped. The time zone does not
 * matter.
 *
 * @param event what the sun does
 * @param latitude degrees from -90 to 90, north positive
 * @param longitude degrees from -180 to 180, east positive
 */
public record Solar(Event event, double latitude, double longitude) implements ScheduleRule {

    static final String KIND = "solar";

    private static final Set<String> MEMBERS = Set.of("event", "latitude", "longitude");

    public Solar {
        checkDegrees("latitude", latitude, 90);
        checkDegrees("longitude", longitude, 180);
        latitude += 0.0; // -0.0 is the same place as 0.0
        longitude += 0.0;
    }

    private static void checkDegrees(String field, double degrees, int most) {
        if (!(Math.abs(degrees) <= most)) {
            throw new InvalidScheduleException(
                    "solar." + field, "must be from -" + most + " to " + most + ", but is " + degrees);
        }
    }

    /** What the sun does, in the order of a day, under Celery's names and by Celery's horizons. */
    public enum Event {
        /** The sun's centre rises to 18° below the horizon. */
        DAWN_ASTRONOMICAL(Course.RISES, -18, "astronomical dawn"),
        /** The sun's centre rises to 12° below the horizon. */
        DAWN_NAUTICAL(Course.RISES, -12, "nautical dawn"),
        /** The sun's centre rises to 6° below the horizon. */
        DAWN_CIVIL(Course.RISES, -6, "civil dawn"),
        /** The sun's upper edge is seen over the horizon first, lifted by 34′ by the air. */
        SUNRISE(Course.RISES, Event.EDGE_IN_SIGHT, "sunrise"),
        /** The sun passes the meridian. */
        SOLAR_NOON(Course.CULMINATES, 0, "solar noon"),
        /** The sun's upper edge is seen over the horizon last, lifted by 34′ by the air. */
        SUNSET(Course.SETS, Event.EDGE_IN_SIGHT, "sunset"),
        /** The sun's centre sinks to 6° below the horizon. */
        DUSK_CIVIL(Course.SETS, -6, "civil dusk"),
        /** The sun's centre sinks to 12° below the horizon. */
        DUSK_NAUTICAL(Course.SETS, -12, "nautical dusk"),
        /** The sun's centre sinks to 18° below the horizon. */
        DUSK_ASTRONOMICAL(Course.SETS, -18, "astronomical dusk");

        /** Refraction of 34′ and a radius of 16′. */
        private static final double EDGE_IN_SIGHT = -50 / 60.0;

        private final Course course;
        private final double altitude;
        private final String words;

        Event(Course course, double altitude, String words) {
            this.course = course;
            this.altitude = altitude;
            this.words = words;
        }

        /** Where the sun is heading at an event. */
        enum Course {
            RISES,
            CULMINATES,
            SETS
        }

        Course course() {
            return course;
        }

        /** The true altitude of the sun's centre, in degrees; without meaning at noon. */
        double altitude() {
            return altitude;
        }

        /** The word for it in JSON, which is Celery's. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * @throws InvalidScheduleException when there is no such event
         */
        public static Event of(String word) {
            return Arrays.stream(values())
                    .filter(event -> event.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new InvalidScheduleException(
                            "solar.event", "must be one of " + eventWords() + ", but is \"" + word + '"'));
        }

        private static List<String> eventWords() {
            return Arrays.stream(values()).map(Event::word).toList();
        }
    }

    static Solar read(JsonNode spec) {
        var solar = spec.path("solar");
        if (solar.isMissingNode() || solar.isNull()) {
            throw new InvalidScheduleException("solar", "is required: an object with event, latitude and longitude");
        }
        if (!solar.isObject()) {
            throw new InvalidScheduleException(
                    "solar", "must be an object with event, latitude and longitude, but is " + solar);
        }
        for (var member : solar.propertyNames()) {
            if (!MEMBERS.contains(member)) {
                throw new InvalidScheduleException("solar." + member, "is not known here");
            }
        }
        return new Solar(event(solar), degrees(solar, "latitude"), degrees(solar, "longitude"));
    }

    private static Event event(JsonNode solar) {
        var event = solar.path("event");
        if (event.isMissingNode() || event.isNull()) {
            throw new InvalidScheduleException("solar.event", "is required: one of " + Event.eventWords());
        }
        return Event.of(event.isString() ? event.asString() : event.toString());
    }

    private static double degrees(JsonNode solar, String field) {
        var degrees = solar.path(field);
        if (degrees.isMissingNode() || degrees.isNull()) {
            throw new InvalidScheduleException("solar." + field, "is required: degrees");
        }
        return degrees.doubleValueOpt()
                .orElseThrow(() -> new InvalidScheduleException(
                        "solar." + field, "must be a number of degrees, but is " + degrees));
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public ObjectNode spec() {
        var spec = TaskJson.MAPPER.createObjectNode();
        spec.putObject("solar")
                .put("event", event.word())
                .put("latitude", latitude)
                .put("longitude", longitude);
        return spec;
    }

    @Override
    public String description() {
        return "at " + event.words + " at " + degrees(latitude) + (latitude < 0 ? " S" : " N") + ", "
                + degrees(longitude) + (longitude < 0 ? " W" : " E");
    }

    private static String degrees(double degrees) {
        return BigDecimal.valueOf(Math.abs(degrees)).stripTrailingZeros().toPlainString() + "°";
    }

    @Override
    public Timetable from(Instant anchor, ZoneId zone) {
        return new SolarTimetable(this, anchor);
    }
}
