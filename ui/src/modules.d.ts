declare module 'virtual:redoc-bundle' {
  /** Address of ReDoc's bundle among the built files. */
  const url: string;
  export default url;
}
