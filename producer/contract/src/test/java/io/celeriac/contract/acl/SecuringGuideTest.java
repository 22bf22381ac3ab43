package io.celeriac.contract.acl;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

/** The guide of securing says what the table of rights says. With {@code -Dupdate.guides=true} the test writes it there. */
class SecuringGuideTest {

    private static final Path GUIDE = Path.of("../../infra/docs/guides/securing.md");
    private static final String BEGIN = "<!-- kafka rights -->\n";
    private static final String END = "<!-- /kafka rights -->";

    private final KafkaRights rights = new KafkaRights(new Topics(Topics.DEFAULT_NAMESPACE));

    @Test
    void hasTheTableOfRightsAndItsCommands() throws IOException {
        var guide = Files.readString(GUIDE);
        var begin = guide.indexOf(BEGIN) + BEGIN.length();
        var end = guide.indexOf(END);
        if (Boolean.getBoolean("update.guides")) {
            Files.writeString(GUIDE, guide.substring(0, begin) + section() + guide.substring(end));
            return;
        }

        assertThat(guide.substring(begin, end)).isEqualTo(section());
    }

    private String section() {
        var lines = new ArrayList<String>();
        lines.add("| program | resource | operations | for |");
        lines.add("|---|---|---|---|");
        for (var program : KafkaProgram.values()) {
            rights.of(program)
                    .forEach(right -> lines.add("| " + word(program) + " | " + resource(right) + " | "
                            + right.operations().stream()
                                    .map(operation -> "`" + camelCase(operation) + "`")
                                    .collect(Collectors.joining(", "))
                            + " | " + right.purpose() + " |"));
        }
        lines.add("");
        lines.add("The same as commands. `kafka.properties` has the credentials of an administrator of the cluster:");
        lines.add("");
        lines.add("```sh");
        lines.add(
                "acl() { kafka-acls --bootstrap-server \"$KAFKA_BOOTSTRAP_SERVERS\" --command-config kafka.properties --add \"$@\"; }");
        for (var program : KafkaProgram.values()) {
            lines.add("");
            rights.of(program).forEach(right -> lines.add(command(program, right)));
        }
        lines.add("```");
        return String.join("\n", lines) + "\n";
    }

    private static String command(KafkaProgram program, KafkaRight right) {
        var words = new ArrayList<>(List.of("acl --allow-principal User:" + word(program)));
        right.operations().forEach(operation -> words.add("--operation " + camelCase(operation)));
        words.add(option(right.type()) + " " + right.name());
        if (right.isPrefix()) {
            words.add("--resource-pattern-type prefixed");
        }
        return String.join(" ", words);
    }

    private static String resource(KafkaRight right) {
        var kind = right.type().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return kind + " `" + right.name() + (right.isPrefix() ? "*" : "") + "`";
    }

    private static String option(ResourceType type) {
        return "--" + type.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String camelCase(AclOperation operation) {
        return Arrays.stream(operation.name().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    private static String word(KafkaProgram program) {
        return program.name().toLowerCase(Locale.ROOT);
    }
}
