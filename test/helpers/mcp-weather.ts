import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import * as z from 'zod';

/** A small MCP server of four tools, made with the SDK. */
export function weatherServer(): McpServer {
  const server = new McpServer({ name: 'weather', version: '1' });
  const city = { city: z.string() };
  server.registerTool(
    'forecast',
    { description: 'Tells the weather.', inputSchema: city },
    ({ city: asked }) => ({
      content: [{ type: 'text', text: JSON.stringify({ city: asked, sky: 'clear' }) }],
    }),
  );
  server.registerTool('surroundings', { description: 'Names the variables.', inputSchema: {} }, () => ({
    content: [{ type: 'text', text: Object.keys(process.env).sort().join(' ') }],
  }));
  server.registerTool('fail', { description: 'Fails.', inputSchema: {} }, () => ({
    content: [{ type: 'text', text: 'no such city' }],
    isError: true,
  }));
  server.registerTool('die', { description: 'Ends the server.', inputSchema: {} }, () => process.exit(3));
  return server;
}

// run as a program, it speaks over its standard input and output
if (process.argv[1] === import.meta.filename) await weatherServer().connect(new StdioServerTransport());
