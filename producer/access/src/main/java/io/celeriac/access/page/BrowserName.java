package io.celeriac.access.page;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The short name of a browser, such as {@code Firefox · Linux}, so that people know their sessions again.
 *
 * <p>Browsers name their ancestors too, so the order matters.
 */
final class BrowserName {

    private static final Map<String, String> BROWSERS = new LinkedHashMap<>();
    private static final Map<String, String> SYSTEMS = new LinkedHashMap<>();
    private static final int LONGEST = 40;

    static {
        BROWSERS.put("Edg", "Edge");
        BROWSERS.put("OPR/", "Opera");
        BROWSERS.put("Firefox/", "Firefox");
        BROWSERS.put("FxiOS/", "Firefox");
        BROWSERS.put("Chrome/", "Chrome");
        BROWSERS.put("CriOS/", "Chrome");
        BROWSERS.put("Safari/", "Safari");
        BROWSERS.put("curl/", "curl");
        SYSTEMS.put("Android", "Android");
        SYSTEMS.put("iPhone", "iPhone");
        SYSTEMS.put("iPad", "iPad");
        SYSTEMS.put("Windows", "Windows");
        SYSTEMS.put("Mac OS X", "macOS");
        SYSTEMS.put("CrOS", "ChromeOS");
        SYSTEMS.put("Linux", "Linux");
    }

    private BrowserName() {}

    /**
     * @param agent as the browser names itself; null for none
     * @return null when it is not known; the beginning of a name that is of no known browser
     */
    static @Nullable String of(@Nullable String agent) {
        if (agent == null || agent.isBlank()) {
            return null;
        }
        var browser = first(BROWSERS, agent);
        if (browser == null) {
            return agent.length() <= LONGEST ? agent : agent.substring(0, LONGEST) + "…";
        }
        var system = first(SYSTEMS, agent);
        return system == null ? browser : browser + " · " + system;
    }

    private static @Nullable String first(Map<String, String> names, String agent) {
        return names.entrySet().stream()
                .filter(name -> agent.contains(name.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }
}
