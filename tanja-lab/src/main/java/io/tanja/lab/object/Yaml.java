package io.tanja.lab.object;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** YAML as trees. */
public final class Yaml {
    /** Writes and reads trees as JSON. */
    public static final JsonMapper JSON = JsonMapper.builder().build();

    private static final int MAX_BYTES = 8 << 20;

    private Yaml() {}

    /**
     * Reads all documents of a text; empty documents are left out.
     *
     * @param name name of the text for messages
     * @throws IOException if the text is no YAML; the message says where
     */
    public static List<JsonNode> documents(String text, String name) throws IOException {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setSchema(new CoreSchema())
                .setCodePointLimit(MAX_BYTES)
                .setMaxAliasesForCollections(50)
                .build();
        List<JsonNode> trees = new ArrayList<>();
        try {
            for (Object document : new Load(settings).loadAllFromString(text)) {
                JsonNode tree = JSON.valueToTree(document);
                if (!tree.isNull() && !(tree.isObject() && tree.isEmpty())) {
                    trees.add(tree);
                }
            }
        } catch (YamlEngineException | StackOverflowError e) {
            throw new IOException(name + " is not valid YAML: " + e.getMessage(), e);
        }
        return trees;
    }

    /**
     * Reads the one document of a text.
     *
     * @throws IOException if the text is no YAML or its document is no map
     */
    public static JsonNode single(String text, String name) throws IOException {
        List<JsonNode> trees = documents(text, name);
        if (trees.isEmpty()) {
            return JSON.createObjectNode();
        }
        if (trees.size() > 1 || !trees.getFirst().isObject()) {
            throw new IOException(name + " must hold exactly one map");
        }
        return trees.getFirst();
    }

    /** A tree as YAML in block style. */
    public static String text(JsonNode tree) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setSchema(new CoreSchema())
                .build();
        return new Dump(settings).dumpToString(JSON.treeToValue(tree, Object.class));
    }

    /** The texts of a list; empty if the node is none. */
    public static List<String> strings(JsonNode list) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list) {
            texts.add(item.asString(""));
        }
        return texts;
    }
}
