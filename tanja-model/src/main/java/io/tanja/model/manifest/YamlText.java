package io.tanja.model.manifest;

import io.tanja.model.identity.Quote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * Composes documents out of the parser's events, within limits that no honest manifest meets: depth, and the growth by
 * aliases ("billion laughs"). Used by one thread, for one text.
 */
final class YamlText {
    static final int MAX_BYTES = 8 << 20;
    static final int MAX_DEPTH = 64;
    /** How many nodes aliases may repeat in one text. */
    static final int MAX_ALIASED = 10_000;

    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setCodePointLimit(MAX_BYTES)
            .setAllowDuplicateKeys(false)
            .build();

    private final Iterator<Event> events;
    private final Map<Anchor, YamlNode> anchors = new HashMap<>();
    private final Map<Anchor, Integer> sizes = new HashMap<>();
    private final Set<Anchor> open = new HashSet<>();
    private long aliased;
    private int nodes;

    private YamlText(String text) {
        events = new Parse(SETTINGS).parseString(text).iterator();
    }

    /** The text is not YAML, or not such as a manifest may be. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;
        private final int line;

        Malformed(int line, String message) {
            super(message);
            this.line = line;
        }

        int line() {
            return line;
        }

        String text() {
            String message = getMessage();
            return message == null ? "" : message;
        }
    }

    /**
     * Adds the documents of a text to {@code documents}, one after the other; those before an error are kept.
     *
     * @throws Malformed at the first error
     */
    static void read(String text, List<YamlNode> documents) throws Malformed {
        if (text.length() > MAX_BYTES) {
            throw new Malformed(0, "the text has more than " + MAX_BYTES + " characters");
        }
        try {
            // JSON may be indented by tabs, YAML may not; inside JSON's strings a tab is always escaped.
            boolean json = text.stripLeading().startsWith("{");
            new YamlText(json ? text.replace('\t', ' ') : text).documents(documents);
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
            throw new Malformed(mark == null ? 0 : mark.getLine() + 1, Quote.printable(describe(e)));
        } catch (RuntimeException e) {
            // The parser reports unreadable characters, and its own slips on garbage, in more ways than it documents.
            throw new Malformed(0, Quote.printable(String.valueOf(e.getMessage())));
        }
    }

    private static String describe(MarkedYamlEngineException e) {
        String context = e.getContext();
        String problem = e.getProblem();
        return context == null || context.isEmpty() ? String.valueOf(problem) : context + ": " + problem;
    }

    private void documents(List<YamlNode> documents) throws Malformed {
        while (events.hasNext()) {
            Event event = events.next();
            if (event.getEventId() == Event.ID.DocumentStart) {
                anchors.clear();
                sizes.clear();
                documents.add(node(events.next(), 0));
            }
        }
    }

    private YamlNode node(Event event, int depth) throws Malformed {
        int line = line(event);
        if (depth > MAX_DEPTH) {
            throw new Malformed(line, "it is nested deeper than " + MAX_DEPTH + " levels");
        }
        if (event instanceof AliasEvent alias) {
            return alias(alias, line);
        }
        Anchor anchor = event instanceof NodeEvent e ? e.getAnchor().orElse(null) : null;
        if (anchor != null) {
            open.add(anchor);
        }
        int before = nodes++;
        YamlNode node = switch (event) {
            case ScalarEvent s ->
                new YamlNode.Scalar(s.getValue(), s.isPlain() && s.getTag().isEmpty(), line);
            case SequenceStartEvent s -> sequence(line, depth);
            case MappingStartEvent m -> mapping(line, depth);
            default -> throw new Malformed(line, "unexpected " + event.getEventId());
        };
        if (anchor != null) {
            open.remove(anchor);
            anchors.put(anchor, node);
            sizes.put(anchor, nodes - before);
        }
        return node;
    }

    private YamlNode alias(AliasEvent event, int line) throws Malformed {
        Anchor anchor = event.getAlias();
        String name = Quote.printable(anchor.getValue());
        if (open.contains(anchor)) {
            throw new Malformed(line, "the alias *" + name + " contains itself");
        }
        @Nullable YamlNode target = anchors.get(anchor);
        if (target == null) {
            throw new Malformed(line, "the alias *" + name + " has no anchor");
        }
        int size = sizes.getOrDefault(anchor, 1);
        aliased += size;
        // What an alias brings in counts for the anchors around it, so that growth by nesting is seen.
        nodes += size;
        if (aliased > MAX_ALIASED) {
            throw new Malformed(line, "aliases repeat more than " + MAX_ALIASED + " values");
        }
        return target;
    }

    private YamlNode sequence(int line, int depth) throws Malformed {
        List<YamlNode> items = new ArrayList<>();
        for (Event e = events.next(); e.getEventId() != Event.ID.SequenceEnd; e = events.next()) {
            items.add(node(e, depth + 1));
        }
        return new YamlNode.Sequence(items, line);
    }

    private YamlNode mapping(int line, int depth) throws Malformed {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        for (Event e = events.next(); e.getEventId() != Event.ID.MappingEnd; e = events.next()) {
            int keyLine = line(e);
            if (!(node(e, depth + 1) instanceof YamlNode.Scalar key) || key.isNull()) {
                throw new Malformed(keyLine, "a key must be text");
            }
            if (key.plain() && key.text().equals("<<")) {
                throw new Malformed(keyLine, "merge keys (<<) are not served; write the fields out");
            }
            YamlNode value = node(events.next(), depth + 1);
            if (entries.put(key.text(), new YamlNode.Entry(value, keyLine)) != null) {
                throw new Malformed(keyLine, "the key \"" + Quote.printable(key.text()) + "\" is given twice");
            }
        }
        return new YamlNode.Mapping(entries, line);
    }

    private static int line(Event event) {
        Optional<Mark> mark = event.getStartMark();
        return mark.map(m -> m.getLine() + 1).orElse(0);
    }
}
